import path from "node:path";
import { dataDirectory, ownProcess, ownScript, pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { explain, LaunchError } from "./progress.mjs";
import { secretsFromFiles } from "./secrets.mjs";

/**
 * `npm run process -- web|jobs|sequencer|witness|migrate|backup|restore`: one process in the foreground, for whatever
 * starts it, and starts it again: systemd, a container. Builds nothing, makes up no secret, and becomes that process, so that signals
 * and exit codes are its own.
 */

const port = process.env.PORT || "3000";
const commands = {
  web: () => ownProcess("web", { port }),
  jobs: () => ownProcess("jobs"),
  sequencer: () => ownProcess("sequencer"),
  witness: (args) => ownScript("lib/processes/witness.ts", ...args),
  backup: (args) => ownScript("lib/processes/backup.ts", ...args),
  restore: (args) => ownScript("lib/processes/restore.ts", ...args),
  migrate: () => [pinnedNode(), path.join("lib", "processes", "database", "migrate.mjs"), "migrate"],
};

try {
  const [name = "", ...args] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name))
    throw new LaunchError(`Say which process: ${Object.keys(commands).join(", ")}.`);
  if (!process.execve)
    throw new LaunchError("This needs Node 24, and no Windows: install the packages first.");
  const secrets = await secretsFromFiles();
  const command = commands[name](args);
  process.chdir(root);
  process.execve(command[0], command, {
    ...process.env,
    ...secrets,
    DATA_DIR: dataDirectory(),
    PORT: port,
    NEXTAUTH_URL: process.env.APP_ORIGIN || `http://localhost:${port}`,
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
    PATH: pathWithPinnedNode(),
  });
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
