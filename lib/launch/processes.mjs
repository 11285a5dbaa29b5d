import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { LaunchError } from "./progress.mjs";

/** Processes that outlive a careless end: recognised again by the next start, ended with everything below them. */

const isWindows = process.platform === "win32";

const alive = new Set();
let isClosing = false;
let recorder = () => {};

/** Names the function that is told of every child, so that a later start can find those left behind. */
export function recordChildrenWith(record) {
  recorder = record;
}

/**
 * What tells this process from a later one with the same number, or null when none has it now. A process
 * that has ended but was not collected by its parent counts as gone.
 */
export function identityOf(pid) {
  if (!Number.isSafeInteger(pid) || pid <= 1) return null;
  try {
    if (process.platform !== "linux") {
      if (isWindows) return process.kill(pid, 0) ? String(pid) : null;
      return execFileSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; the state and the start time are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${fields[19]} ${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  } catch {
    return null;
  }
}

/** The number of a process's parent, or 0 where that cannot be told. */
export function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** The command line of a process, or an empty text. */
export function commandLineOf(pid) {
  try {
    if (process.platform === "linux")
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/**
 * Starts a program in a process group of its own, so that Ctrl-C reaches it through us and in our order.
 * Output goes to `logPath`, or to `onLine` line by line with whether it is an error's, or to this terminal.
 */
export function startChild([command, ...args], { logPath, onLine, ...options }) {
  if (isClosing) throw new LaunchError("This start is ending.");
  const log = logPath && openSync(logPath, "a", 0o600);
  const output = log ?? (onLine ? "pipe" : "inherit");
  const child = spawn(command, args, {
    detached: !isWindows,
    stdio: ["ignore", output, output],
    ...options,
  });
  if (log) closeSync(log);
  if (child.pid) recorder(child);
  alive.add(child);
  if (onLine) {
    eachLine(child.stdout, (line) => onLine(line, false));
    eachLine(child.stderr, (line) => onLine(line, true));
  }
  child.ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, error }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  child.ended.then(() => alive.delete(child));
  return child;
}

function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    lines.forEach((line) => onLine(line));
  });
  stream.on("end", () => rest && onLine(rest));
}

/** Runs a program to its end. Returns its exit code and everything it wrote. */
export async function run(command, options = {}) {
  const lines = [];
  const onLine = (line, isError) => {
    lines.push(line);
    options.onLine?.(line, isError);
  };
  const child = startChild(command, { ...options, onLine });
  const { code, signal, error } = await child.ended;
  if (error) lines.push(error.message);
  return { code: code ?? 1, signal, output: lines.join("\n") };
}

/** Ends every child that is left and lets none begin; for the end of this process. */
export async function endChildren() {
  isClosing = true;
  // SIGINT ends a database in good order, and everything else too.
  const ends = [...alive].map((child) => endProcess(child.pid, { signal: "SIGINT", graceSeconds: 4 }));
  await Promise.all(ends);
}

/**
 * Asks a process, and with `group` everything it started, to end; insists after `graceSeconds`. Returns
 * once it is gone.
 */
export async function endProcess(pid, { graceSeconds = 6, signal = "SIGTERM", group = true } = {}) {
  const identity = identityOf(pid);
  send(pid, signal, group);
  if (identity) await goneWithin(pid, identity, graceSeconds);
  send(pid, "SIGKILL", group);
  if (identity) await goneWithin(pid, identity, 2);
}

async function goneWithin(pid, identity, seconds) {
  const until = Date.now() + seconds * 1000;
  while (identityOf(pid) === identity && Date.now() < until) await pause(50);
}

function send(pid, signal, group) {
  try {
    if (isWindows) execFileSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    else process.kill(group ? -pid : pid, signal);
  } catch {
    // It is gone already, which is what was asked for.
  }
}
