import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { packageScript, pinnedNode, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { LaunchError, step } from "./progress.mjs";

/** Does again only what the sources ask for: the database client and the production build. */

const SOURCE_FOLDERS = ["app", "components", "lib", "prisma", "public"];
const NOT_SOURCES = ["generated", "node_modules", "migrations", "__pycache__"];
const SOURCE_ENDINGS = /\.(ts|tsx|js|mjs|cjs|css|json|prisma)$/;
const TEST_ENDINGS = /\.(test|drill)\.(tsx?|mjs)$/;

/** Writes the Prisma client when the schema or Prisma itself has changed since the last time. */
export async function generateClient(env) {
  const inputs = (file) => file.startsWith("prisma/schema/") || file === "package-lock.json";
  await unlessUnchanged("prisma/generated", inputs, "Writing the database client", () =>
    mustSucceed([pinnedNode(), path.join("lib", "launch", "generate.mjs")], env),
  );
}

/** Makes the production build when a source has changed since the last one. */
export async function buildForProduction(env) {
  const outputs = env.NEXT_DIST_DIR || ".next";
  const inputs = (file) => !TEST_ENDINGS.test(file) && !file.startsWith("prisma/seed/");
  await unlessUnchanged(outputs, inputs, "Building the pages", () =>
    mustSucceed(packageScript("next/dist/bin/next", "build"), { ...env, NODE_ENV: "production" }),
  );
}

/** A stamp inside the output says from what it was made; it is written last, so half an output has none. */
async function unlessUnchanged(outputs, isInput, name, make) {
  const stamp = path.join(root, outputs, ".made-from");
  const digest = await digestOf((await sourceFiles()).filter(isInput));
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;
  await step(name, make);
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, digest);
}

async function mustSucceed(command, env) {
  const { code, output } = await run(command, { cwd: root, env });
  if (code !== 0) throw new LaunchError(output.split("\n").slice(-60).join("\n"));
}

async function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(await readFile(path.join(root, file)));
  return hash.digest("hex");
}

/** Every source, as a path from the root with forward slashes, in a fixed order. */
async function sourceFiles() {
  const files = [];
  const visit = async (folder) => {
    for (const entry of await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => [])) {
      const file = folder ? `${folder}/${entry.name}` : entry.name;
      const isFolder = entry.isDirectory() && !NOT_SOURCES.includes(entry.name);
      if (isFolder && (folder || SOURCE_FOLDERS.includes(entry.name))) await visit(file);
      else if (entry.isFile() && isSource(file)) files.push(file);
    }
  };
  await visit("");
  return files.sort();
}

function isSource(file) {
  // Written by Next.js itself during the build.
  if (file === "next-env.d.ts" || file.endsWith(".tsbuildinfo")) return false;
  return SOURCE_ENDINGS.test(file) || file.startsWith("public/");
}
