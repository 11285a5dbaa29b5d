import { packageScript, pinnedNode, root } from "../../launch/places.mjs";
import { startChild } from "../../launch/processes.mjs";

/** A machine with a data folder of its own and one process of each kind, started again some time after a kill. */

const AGAIN_AFTER_MS = 8_000;

const script = (name) => [
  pinnedNode(),
  "--conditions=react-server",
  "--import",
  "tsx",
  `lib/processes/${name}.ts`,
];

export function startMachine({ name, env, port, folder }) {
  const commands = {
    web: packageScript("next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"),
    jobs: script("jobs"),
    sequencer: script("sequencer"),
  };
  const running = {};
  const lines = [];
  const ended = [];
  let isOver = false;

  function start(kind) {
    const onLine = (line) => lines.push(`${kind}: ${line}`);
    const child = startChild(commands[kind], { cwd: root, env: { ...env, DATA_DIR: folder }, onLine });
    running[kind] = child;
    void child.ended.then(({ code, signal }) => {
      if (!isOver && signal !== "SIGKILL")
        ended.push(`${kind} of ${name} ended (${signal ?? code}): ${lines.at(-1)}`);
    });
  }

  /** Kills it with all that it started; returns when it was gone. It is started again after a while. */
  async function kill(kind) {
    process.kill(-running[kind].pid, "SIGKILL");
    await running[kind].ended;
    const goneAt = performance.now();
    setTimeout(() => isOver || start(kind), AGAIN_AFTER_MS);
    return goneAt;
  }

  for (const kind of Object.keys(commands)) start(kind);
  const isOwn = (kind, pid) => running[kind].pid === pid;
  return { name, port, lines, ended, kill, isOwn, end: () => (isOver = true) };
}
