import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { comeBack } from "./comeback.mjs";
import { ownProcess, ownScript, root } from "./places.mjs";
import { keptPort } from "./postgres.mjs";
import { endProcess, startChild } from "./processes.mjs";
import { LaunchError, say } from "./progress.mjs";

/** The processes that stay: the web server, the clocks and the log. */

const READY_WITHIN_SECONDS = 180;
const KEPT_LINES = 40;
const GRACE_SECONDS = 4;

/**
 * Starts them and returns once the web process says it is ready, with a promise that rejects when one of them is
 * given up. Until then a process that ends is not started again: what is wrong is wrong with the installation. A
 * sequencer that refuses stops the log, not the market: pages then say that nothing new is recorded.
 * Pushes onto `endings` how to end them.
 */
export async function serve({ env, port, isDev, endings }) {
  const services = [
    service("The web process", ownProcess("web", { port, isDev }), env),
    service("The jobs process", ownProcess("jobs"), env),
    service("The sequencer of the log", ownProcess("sequencer"), env),
  ];
  endings.push(() => Promise.all(services.map((one) => one.end())));

  const fallen = Promise.race(services.map((one) => one.fallen));
  fallen.catch(() => {});
  await Promise.race([untilAnswered(`http://127.0.0.1:${port}/api/ready`, "The web process"), fallen]);
  services.forEach((one) => one.open());
  return { fallen };
}

/**
 * Starts the server of the demo's seller, who serves a model of its own, and returns once it answers. Its address stays
 * from start to start, for it stands in a listing. Without it the market goes on, as it would without a stranger's.
 */
export async function serveDemoSeller({ env, directory, endings }) {
  const origin = `http://127.0.0.1:${await keptPort(path.join(directory, "seller-port"))}`;
  const its = { ...env, DEMO_SELLER_ORIGIN: origin };
  const one = service("The demo seller's server", ownScript("prisma/seed/seller-server.ts"), its);
  endings.push(() => one.end());
  await Promise.race([untilAnswered(`${origin}/v1/models`, "The demo seller's server"), one.fallen]);
  one.open();
  one.fallen.catch((error) => say(error.message));
  return origin;
}

/** Output is held back until everything is ready, so that the way there stays readable; then it passes through. */
function service(name, command, env) {
  const lines = [];
  let isOpen = false;
  const onLine = (line) => {
    if (isOpen) say(line);
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const begin = () => startChild(command, { cwd: root, env, onLine });
  const start = async () => {
    // What the one before said are no last words of this one.
    lines.length = 0;
    return begin();
  };
  const kept = comeBack({ name, first: begin(), start, lastWords: () => lines, isKept: () => isOpen });
  return {
    fallen: kept.fallen,
    open: () => (isOpen = true),
    end: () => {
      kept.letGo();
      return endProcess(kept.pid(), { graceSeconds: GRACE_SECONDS });
    },
  };
}

async function untilAnswered(address, name) {
  const until = Date.now() + READY_WITHIN_SECONDS * 1000;
  while (Date.now() < until) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new LaunchError(`${name} was not ready within ${READY_WITHIN_SECONDS} s.`);
}
