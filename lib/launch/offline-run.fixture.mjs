import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openMarket } from "./market-under-test.mjs";
import { commandLineOf, endChildren, parentOf } from "./processes.mjs";
import { explain, LaunchError } from "./progress.mjs";
import { attemptsOf, networkOf } from "./without-network.mjs";

/** Brings up a demo market and looks at it, and counts who tries to reach out: `offline.drill.mjs` says where it runs. */

/** Long enough for each clock to turn, and for libraries that report a while after they were loaded. */
const CLOCKS_TURN_MS = 90_000;
/** Models run in networks of their own, which end with them: what they counted is read this often until then. */
const LOOK_EVERY_MS = 250;
const PAGES = ["/", "/listings/penguins-by-ruler-and-scales", "/log/1/policy", "/api/ready"];

/** The most that was counted in each network, with a command that was in it. */
const counted = new Map();

function belongsToUs(pid) {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === process.pid) return true;
  return false;
}

function look() {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    if (!belongsToUs(pid)) continue;
    try {
      counted.set(networkOf(pid), { attempts: attemptsOf(pid), command: commandLineOf(pid).slice(0, 200) });
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function visit(origin) {
  for (const page of PAGES) {
    const { status } = await fetch(origin + page);
    if (status !== 200) throw new LaunchError(`${page} answered with ${status}.`);
  }
}

const watch = setInterval(look, LOOK_EVERY_MS);
try {
  const market = await openMarket(process.argv[2]);
  await visit(market.env.APP_ORIGIN);
  await pause(CLOCKS_TURN_MS);
  await visit(market.env.APP_ORIGIN);
  await market.end();
  look();
  const attempts = [...counted.values()].reduce((sum, one) => sum + one.attempts, 0);
  const attack = `a demo in ${counted.size} networks that lead nowhere tries to reach out`;
  console.log(JSON.stringify({ attack, limit: 0, measured: attempts, within: attempts === 0 }));
  for (const { attempts: some, command } of counted.values())
    if (some) console.log(`${some} from ${command}`);
} catch (error) {
  explain(error);
  process.exitCode = 1;
} finally {
  clearInterval(watch);
  await endChildren();
}
process.exit();
