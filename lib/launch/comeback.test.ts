import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { REFUSES, afterEnd, comeBack } from "./comeback.mjs";
import { commandLineOf, startChild } from "./processes.mjs";

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => Boolean(said.push(String(line))));
});
/** How to end what a test leaves running, whether it failed or not. */
const endings: (() => void)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const end of endings.splice(0)) end();
});

/** The pauses after ends of processes that stood this many seconds each, one after another. */
function pausesAfter(...stood: number[]): (number | null)[] {
  let endsBefore = 0;
  return stood.map((stoodSeconds) => {
    const { ends, pauseSeconds } = afterEnd({ endsBefore, stoodSeconds });
    endsBefore = ends;
    return pauseSeconds;
  });
}

test("a process that ends at once is started again after 0.5, 1, 2, 4 and 8 s, and not after the sixth end", () => {
  expect(pausesAfter(0, 0, 0, 0, 0, 0)).toEqual([0.5, 1, 2, 4, 8, null]);
});

test("whoever stood 60 s begins a new row, and less than that goes on with the old one", () => {
  expect(pausesAfter(0, 0, 60, 59.9, 3600)).toEqual([0.5, 1, 0.5, 1, 0.5]);
});

/** Keeps a process whose starts run these scripts, one after another. */
function kept(scripts: string[], isKept = true) {
  const words: string[] = [];
  const onLine = (line: string) => words.push(line);
  const start = () => startChild([process.execPath, "-e", scripts.shift() ?? ""], { onLine });
  const parts = { name: "It", first: start(), lastWords: () => words, isKept: () => isKept };
  const one = comeBack({ ...parts, start: async () => start() });
  endings.push(() => {
    one.letGo();
    if (commandLineOf(one.pid()) !== "") process.kill(one.pid(), "SIGKILL");
  });
  return { ...one, lastWords: () => words };
}

const stays = "setInterval(() => {}, 1000)";

test("a process that was killed runs again, with a line that says why and what it said last", async () => {
  const one = kept([`console.log("so far"); ${stays}`, stays]);
  const first = one.pid();
  await expect.poll(one.lastWords, { timeout: 10_000 }).toEqual(["so far"]);
  process.kill(first, "SIGKILL");
  await expect.poll(() => one.pid(), { timeout: 10_000 }).not.toBe(first);
  expect(said).toEqual([
    expect.stringMatching(
      /^It ended \(SIGKILL\) after \d+ s and starts again in 0\.5 s\. Its last words: so far\n$/,
    ),
  ]);
});

test("what it started goes with it", async () => {
  const child = `require("node:child_process").spawn(process.execPath, ["-e", "${stays}"]).pid`;
  const one = kept([`console.log(${child}); ${stays}`, stays]);
  const first = one.pid();
  await expect.poll(one.lastWords, { timeout: 10_000 }).toHaveLength(1);
  process.kill(first, "SIGKILL");
  await expect.poll(() => one.pid(), { timeout: 10_000 }).not.toBe(first);
  const below = Number(/Its last words: (\d+)/.exec(said[0] ?? "")?.[1]);
  expect(below).toBeGreaterThan(0);
  expect(commandLineOf(below)).toBe("");
});

test("one that refuses is left alone, and one that ends before it is kept falls with its last words", async () => {
  const refusing = kept([`console.log("not this log"); process.exitCode = ${REFUSES}`, stays]);
  await expect.poll(() => said, { timeout: 10_000 }).toEqual(["It refuses to go on. not this log\n"]);
  expect(await Promise.race([refusing.fallen.catch(() => "fallen"), "stands"])).toBe("stands");
  await expect(kept(["process.exitCode = 3; console.error('no database')"], false).fallen).rejects.toThrow(
    "It ended (3).\nno database",
  );
});

test("one that keeps ending is given up after the sixth time, with its last words", async () => {
  const scripts = Array.from({ length: 9 }, () => "throw new Error('always')");
  await expect(kept(scripts).fallen).rejects.toThrow(
    /^It ended 6 times in a row \(1\) and is given up\.[^]*always/,
  );
  expect(scripts).toHaveLength(3);
});

test("when the launcher is killed as well, its next start ends what had come back", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-comeback-"));
  const modules = ["occupancy", "processes", "comeback"].map((name) =>
    path.join(import.meta.dirname, `${name}.mjs`),
  );
  const launcher = `
    const [{ occupy }, { startChild }, { comeBack }] = await Promise.all(${JSON.stringify(modules)}.map((file) => import(file)));
    await occupy(${JSON.stringify(folder)});
    const start = async () => startChild([process.execPath, "-e", ${JSON.stringify(stays)}], { onLine: () => {} });
    comeBack({ name: "It", first: await start(), start, lastWords: () => [], isKept: () => true });
    ${stays}`;
  const record = path.join(folder, "processes.json");
  const recorded = () => JSON.parse(readFileSync(record, "utf8")) as { pid: number }[];
  const launch = () =>
    startChild([process.execPath, "--input-type=module", "-e", launcher], { onLine: () => {} }).pid!;

  const first = launch();
  await expect.poll(() => existsSync(record) && recorded().length, { timeout: 10_000 }).toBe(1);
  const [child] = recorded();
  process.kill(child!.pid, "SIGKILL");
  await expect.poll(() => recorded()[0]?.pid, { timeout: 10_000 }).not.toBe(child!.pid);
  const [again] = recorded();
  process.kill(first, "SIGKILL");
  const second = launch();
  await expect.poll(() => commandLineOf(again!.pid), { timeout: 10_000 }).toBe("");
  await expect.poll(() => existsSync(record) && recorded()[0]?.pid, { timeout: 10_000 }).toBeGreaterThan(0);
  for (const pid of [second, recorded()[0]!.pid]) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true });
});
