import { installPackages } from "./install.mjs";
import { dataDirectory, pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { runningPostgresUrl } from "./postgres.mjs";
import { run } from "./processes.mjs";
import { explain, LaunchError, say } from "./progress.mjs";
import { installationSecrets } from "./secrets.mjs";

/** `npm run log:export`: in the environment of the market that runs from this folder. */

try {
  await installPackages();
  const directory = dataDirectory();
  const url = process.env.DATABASE_URL || (await runningPostgresUrl(directory, "offcut"));
  if (!url)
    throw new LaunchError("There is no database yet: name it in DATABASE_URL, or run npm start first.");
  const env = {
    ...process.env,
    ...(await installationSecrets(directory)),
    DATABASE_URL: url,
    DATA_DIR: directory,
    NODE_ENV: "production",
    PATH: pathWithPinnedNode(),
  };
  const script = ["--conditions=react-server", "--import", "tsx", "lib/processes/export-log.ts"];
  const command = [pinnedNode(), ...script, ...process.argv.slice(2)];
  const { code } = await run(command, { cwd: root, env, onLine: (line) => line && say(line) });
  process.exitCode = code;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
