import { setTimeout as pause } from "node:timers/promises";
import { comeBack } from "./comeback.mjs";
import { ownProcess, root } from "./places.mjs";
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
  await Promise.race([untilReady(port), fallen]);
  services.forEach((one) => one.open());
  return { fallen };
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

async function untilReady(port) {
  const until = Date.now() + READY_WITHIN_SECONDS * 1000;
  while (Date.now() < until) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new LaunchError(`The web process was not ready within ${READY_WITHIN_SECONDS} s.`);
}
