import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../conventions/domains.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-process-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script of this folder with these settings alone: what it said, and how it ended. */
function run(script: string, name: string, settings: Record<string, string> = {}) {
  const env = { NODE_ENV: "test" as const, PATH: process.env.PATH, DATA_DIR: folder, ...settings };
  const command = [path.join(root, "lib/launch", script), name];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: "utf8" });
  return { status, said: (stdout + stderr).trim() };
}

const nowhere = path.join(folder, "database-url");
writeFileSync(nowhere, "postgres://somebody:secret@127.0.0.1:1/offcut\n");

test("a process alone takes its secrets from the files that are named", () => {
  expect(run("process.mjs", "migrate", { DATABASE_URL_FILE: nowhere })).toEqual({
    status: 1,
    said: "The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED). Check DATABASE_URL.",
  });
});

test.each([
  [
    { DATABASE_URL_FILE: nowhere, DATABASE_URL: "postgres://a@b/c" },
    "DATABASE_URL and DATABASE_URL_FILE are both set; which one is meant?",
  ],
  [{ SMTP_URL_FILE: "/nowhere" }, "SMTP_URL_FILE is /nowhere, which cannot be read (ENOENT)."],
])(
  "a secret that is given twice, or by a file that is not there, is refused in a sentence",
  (settings, sentence) => {
    expect(run("process.mjs", "jobs", settings)).toEqual({ status: 1, said: sentence });
  },
);

test("a process that refuses its settings says so and ends, and makes up none", () => {
  const { status, said } = run("process.mjs", "jobs", { DATABASE_URL: "postgres://a@127.0.0.1:1/b" });
  expect(status).toBe(1);
  expect(said).toContain("NEXTAUTH_SECRET: Invalid input");
});

test("jobs and sequencer are well for 30 s after they last did their work, and not before", () => {
  const file = path.join(folder, "alive", "sequencer");
  expect(run("health.mjs", "sequencer")).toEqual({ status: 1, said: "sequencer: not well" });
  const beat = `import("${path.join(root, "lib/launch/heartbeat.mjs")}").then(({ beat }) => beat("sequencer"))`;
  spawnSync(process.execPath, ["-e", beat], { env: { ...process.env, DATA_DIR: folder } });
  expect(run("health.mjs", "sequencer")).toEqual({ status: 0, said: "sequencer: well" });
  const before = Date.now() / 1000 - 31;
  utimesSync(file, before, before);
  expect(run("health.mjs", "sequencer").status).toBe(1);
});

test("a web process that does not answer is not well, and neither is one that nobody knows", () => {
  expect(run("health.mjs", "web", { PORT: "1" })).toEqual({ status: 1, said: "web: not well" });
  expect(run("health.mjs", "nobody")).toEqual({
    status: 1,
    said: "Say which: web, jobs, sequencer, witness.",
  });
});
