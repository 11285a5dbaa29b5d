import { identityOf, commandLineOf, parentOf } from "./processes.mjs";

/** Why a start ends before it is told to by its own steps. */

const LOOK_EVERY_MILLISECONDS = 500;

/**
 * `interrupted` resolves when the person or the system asks for the end, or when npm, which would have
 * passed that wish on, was killed; it rejects when `interrupt` is called with an error.
 */
export function untilInterrupted() {
  let interrupt;
  const interrupted = new Promise((resolve, reject) => {
    interrupt = reject;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, resolve);
    whenLauncherIsGone(resolve);
  });
  interrupted.catch(() => {});
  return { interrupted, interrupt };
}

/** npm starts a script through a shell, which may or may not stand between the two. */
function whenLauncherIsGone(resolve) {
  const launchers = [process.ppid];
  if (/\blib\/launch\/[\w-]+\.mjs/.test(commandLineOf(process.ppid))) launchers.push(parentOf(process.ppid));
  const known = launchers.map((pid) => [pid, identityOf(pid)]).filter(([, identity]) => identity);
  const timer = setInterval(() => {
    if (known.some(([pid, identity]) => identityOf(pid) !== identity)) resolve();
  }, LOOK_EVERY_MILLISECONDS);
  timer.unref();
}
