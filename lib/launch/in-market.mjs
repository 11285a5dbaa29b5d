import { mkdir } from "node:fs/promises";
import { generateClient } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { isOccupied, occupy } from "./occupancy.mjs";
import { dataDirectory, ownScript, pathWithPinnedNode, root } from "./places.mjs";
import { runningPostgresUrl, startPostgres } from "./postgres.mjs";
import { endChildren, run } from "./processes.mjs";
import { explain, say } from "./progress.mjs";
import { installationSecrets } from "./secrets.mjs";

/**
 * Runs one of our scripts in the environment of the market of this folder, with the arguments of this command, then ends
 * all that it started, gives the folder back and leaves the process: with the script's code, or with 1 when it was
 * interrupted. Its embedded database is started for as long, where neither the market runs nor DATABASE_URL names
 * another. `isPossible` is asked first, with the data folder, and throws what stands against it.
 */
export async function runInMarket(script, isPossible = async () => {}) {
  const endings = [];
  const { interrupted } = untilInterrupted();
  try {
    const code = await Promise.race([interrupted.then(() => 1), codeOf(script, isPossible, endings)]);
    process.exitCode = code;
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  } finally {
    await endChildren();
    for (const ending of endings.reverse()) await ending();
  }
  process.exit();
}

async function codeOf(script, isPossible, endings) {
  await installPackages();
  const directory = dataDirectory();
  await isPossible(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const url = process.env.DATABASE_URL || (await embeddedUrl(directory, endings));
  const env = {
    ...process.env,
    ...(await installationSecrets(directory)),
    DATABASE_URL: url,
    DATA_DIR: directory,
    NODE_ENV: "production",
    PATH: pathWithPinnedNode(),
  };
  await generateClient(env);
  const command = ownScript(script, ...process.argv.slice(2));
  const { code } = await run(command, { cwd: root, env, onLine: (line) => line && say(line) });
  return code;
}

async function embeddedUrl(directory, endings) {
  if (await isOccupied(directory)) return runningPostgresUrl(directory, "offcut");
  endings.push(await occupy(directory));
  const server = await startPostgres({ directory });
  return server.url("offcut");
}
