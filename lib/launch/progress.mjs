/** What the person in front of the terminal reads. */

/** A failure whose message is meant for that person; everything else is a bug and keeps its stack. */
export class LaunchError extends Error {}

const HEARTBEAT_SECONDS = 20;
let lastSaidAt = 0;

export function say(line = "") {
  lastSaidAt = performance.now();
  process.stdout.write(`${line}\n`);
}

/** Runs one step under its name, says how long it took, and that it still runs when nothing was said for long. */
export async function step(name, work) {
  say(`- ${name}`);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const heartbeat = setInterval(() => {
    const silentSeconds = (performance.now() - lastSaidAt) / 1000;
    if (silentSeconds >= HEARTBEAT_SECONDS) say(`  ${name}: still working, ${Math.round(seconds())} s`);
  }, 1000);
  try {
    const result = await work();
    say(`  ${name}: done in ${seconds().toFixed(1)} s`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Why a program of ours ended: its refusal of the configuration alone where it said one, else its last lines. */
export function reasonIn(output) {
  const refusal = /Offcut cannot start with this configuration:(?:\n {2}\S.*)+/.exec(output);
  return refusal?.[0] ?? output.split("\n").slice(-30).join("\n");
}

/** Ends the process over an error: a sentence when it was foreseen, the stack when it was not. */
export function explain(error) {
  process.stderr.write(`\n${error instanceof LaunchError ? error.message : (error.stack ?? error)}\n`);
}
