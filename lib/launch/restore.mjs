import { existsSync } from "node:fs";
import path from "node:path";
import { runInMarket } from "./in-market.mjs";
import { LaunchError } from "./progress.mjs";

/** `npm run restore -- DIR/NAME`. */

await runInMarket("lib/processes/restore.ts", async (directory) => {
  // A new one would be made in its place, and open nothing.
  const isKeyHere =
    process.env.OFFCUT_MASTER_KEY ||
    process.env.OFFCUT_MASTER_KEY_FILE ||
    existsSync(path.join(directory, "master.key"));
  if (!isKeyHere)
    throw new LaunchError(
      `The master key is in no backup: put it back to ${directory}/master.key first, or name it in OFFCUT_MASTER_KEY_FILE.`,
    );
});
