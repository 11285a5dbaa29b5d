/** Lets a process outside any bundle import the sources, which name each other without endings and from the root. */
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.join(import.meta.dirname, "..", "..");

registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.endsWith(".ts")) return next(specifier, context);
    if (specifier.startsWith("@/")) {
      return next(pathToFileURL(`${path.join(root, specifier.slice(2))}.ts`).href, context);
    }
    return next(specifier.startsWith(".") ? `${specifier}.ts` : specifier, context);
  },
});
