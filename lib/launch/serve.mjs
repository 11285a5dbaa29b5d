import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageScript, pinnedNode, root } from "./places.mjs";
import { endProcess, startChild } from "./processes.mjs";
import { LaunchError, say } from "./progress.mjs";

/** The processes that stay: the web server and the clocks. */

const READY_WITHIN_SECONDS = 180;
const KEPT_LINES = 40;
const GRACE_SECONDS = 4;

/**
 * Starts both and returns once the web process says it is ready, with a promise that rejects when either
 * ends by itself. Pushes onto `endings` how to end them.
 */
export async function serve({ env, port, isDev, endings }) {
  const web = packageScript("next/dist/bin/next", isDev ? "dev" : "start", "-p", String(port));
  const jobs = [pinnedNode(), "--conditions=react-server", "--import", "tsx", "lib/launch/jobs.ts"];
  const hasJobs = existsSync(path.join(root, "lib", "launch", "jobs.ts"));
  const services = [
    service("The web process", web, env),
    ...(hasJobs ? [service("The jobs process", jobs, env)] : []),
  ];
  endings.push(() => Promise.all(services.map((one) => one.end())));

  const fallen = Promise.race(services.map((one) => one.fallen));
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
      if (!isEnding) reject(new LaunchError(`${name} ended (${signal ?? code}).\n${lines.join("\n")}`));
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
