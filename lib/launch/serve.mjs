import { setTimeout as pause } from "node:timers/promises";
import { packageScript, pinnedNode, root } from "./places.mjs";
import { endProcess, startChild } from "./processes.mjs";
import { LaunchError, reasonIn, say } from "./progress.mjs";

/** The processes that stay: the web server, the clocks and the log. */

const READY_WITHIN_SECONDS = 180;
const KEPT_LINES = 40;
const GRACE_SECONDS = 4;

/**
 * Starts them and returns once the web process says it is ready, with a promise that rejects when one the
 * market needs ends by itself. Pushes onto `endings` how to end them.
 */
export async function serve({ env, port, isDev, endings }) {
  const web = packageScript("next/dist/bin/next", isDev ? "dev" : "start", "-p", String(port));
  const own = (script) => [
    pinnedNode(),
    "--conditions=react-server",
    "--import",
    "tsx",
    `lib/processes/${script}`,
  ];
  const needed = [service("The web process", web, env), service("The jobs process", own("jobs.ts"), env)];
  const sequencer = service("The sequencer of the log", own("sequencer.ts"), env);
  // A log that must not go on stops the log, not the market: pages then say that nothing new is recorded.
  sequencer.fallen.catch((error) =>
    say(`${error.message}\nThe market stays open; nothing new enters the log.`),
  );
  const services = [...needed, sequencer];
  endings.push(() => Promise.all(services.map((one) => one.end())));

  const fallen = Promise.race(needed.map((one) => one.fallen));
  fallen.catch(() => {});
  await Promise.race([untilReady(port), fallen]);
  services.forEach((one) => one.letItSpeak());
  return { fallen };
}

/** Output is held back until everything is ready, so that the way there stays readable; then it passes through. */
function service(name, command, env) {
  const lines = [];
  let hasVoice = false;
  let isEnding = false;
  const onLine = (line) => {
    if (hasVoice) return say(line);
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const child = startChild(command, { cwd: root, env, onLine });
  const fallen = new Promise((_, reject) => {
    child.ended.then(({ code, signal }) => {
      if (!isEnding)
        reject(new LaunchError(`${name} ended (${signal ?? code}).\n${reasonIn(lines.join("\n"))}`));
    });
  });
  return {
    fallen,
    letItSpeak: () => (hasVoice = true),
    end: () => {
      isEnding = true;
      return endProcess(child.pid, { graceSeconds: GRACE_SECONDS });
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
