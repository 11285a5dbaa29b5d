import { randomBytes } from "node:crypto";
import { generateClient } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { say } from "./progress.mjs";

/** `npm run bench:readers`: what each reader takes on its worst shapes, and how that grows. Needs no database. */

await installPackages();
const env = {
  ...process.env,
  PATH: pathWithPinnedNode(),
  NODE_ENV: "production",
  // Never opened: only its form is asked for.
  DATABASE_URL: "postgres://none",
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
  LOG_LEVEL: "error",
};
await generateClient(env);
const script = ["--conditions=react-server", "--import", "tsx", "lib/formats/readers.bench.ts"];
const { code } = await run([pinnedNode(), ...script], { cwd: root, env, onLine: (line) => say(line) });
process.exitCode = code;
