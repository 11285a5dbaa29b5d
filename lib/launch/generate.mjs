import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import path from "node:path";

/** Writes the Prisma client. The command would fetch a migration engine first, which is not used here. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = path.join(root, "node_modules", "prisma", "build", "index.js");
const result = spawnSync(process.execPath, [cli, "generate", "--no-hints", "--schema", "prisma/schema"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
  // Not /bin/true: a migrate command that reached it would say it succeeded and do nothing.
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/false", CHECKPOINT_DISABLE: "1" },
});
process.exitCode = result.status ?? 1;
