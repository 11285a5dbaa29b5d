import { withoutNetwork, canCutNetwork } from "./without-network.mjs";
import { inScratch } from "./in-scratch.mjs";
import { pinnedNode, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { LaunchError } from "./progress.mjs";

/**
 * The whole demo where no network leads anywhere: built, filled, its models run, opened and looked at while its clocks
 * turn. It has to do all of it, and nothing of it may so much as try to reach beyond this machine.
 */

await inScratch("offline", async (scratch) => {
  if (!canCutNetwork()) throw new LaunchError("This needs bubblewrap, and leave to make a network with it.");
  const script = withoutNetwork([pinnedNode(), "lib/launch/offline-run.fixture.mjs", scratch]);
  const { code } = await run(script, { cwd: root, env: process.env, onLine: (line) => console.log(line) });
  if (code !== 0) throw new LaunchError("The demo does not work without a network.");
});
