import { existsSync } from "node:fs";
import { run } from "./processes.mjs";
import { say } from "./progress.mjs";

/** bubblewrap shows a model its own files and nothing else of the machine: `lib/platform/isolation.ts`. */

const PLACES = ["/usr/bin/bwrap", "/bin/bwrap"];
const isThere = () => PLACES.some((file) => existsSync(file));

/** Sees to it that models can be kept apart from this machine's files, as far as that is ours to do; says what is left. */
export async function keepApart() {
  if (process.platform !== "linux" || isThere()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["apt-get", "install", "-y", "--no-install-recommends", "bubblewrap"];
    if ((await run(install, { env })).code !== 0) {
      await run(["apt-get", "update"], { env });
      await run(install, { env });
    }
    if (isThere()) return;
  }
  say(
    "  bubblewrap is not here: a model sees files of this machine that everybody may read. Install it to end that.",
  );
}
