import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandLineOf, startChild } from "./processes.mjs";

test("an interrupted command of the market ends its script and its PostgreSQL, gives the folder back and fails", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-in-market-"));
  const script = path.join(folder, "stays.mjs");
  writeFileSync(script, `console.log("stays as " + process.pid); setInterval(() => {}, 1000);`);
  const launcher = `
    process.env.DATA_DIR = ${JSON.stringify(folder)};
    delete process.env.DATABASE_URL;
    const { runInMarket } = await import(${JSON.stringify(path.join(import.meta.dirname, "in-market.mjs"))});
    await runInMarket(${JSON.stringify(script)});`;
  const said: string[] = [];
  const command = startChild([process.execPath, "--input-type=module", "-e", launcher], {
    onLine: (line) => said.push(line),
  });
  onTestFinished(async () => {
    if (commandLineOf(command.pid!) !== "") process.kill(command.pid!, "SIGINT");
    await command.ended;
    rmSync(folder, { recursive: true });
  });
  const stays = () => Number(/stays as (\d+)/.exec(said.join("\n"))?.[1]);
  await expect.poll(stays, { timeout: 25_000 }).toBeGreaterThan(0);
  const postmaster = path.join(folder, "postgres", "postmaster.pid");
  const server = Number(readFileSync(postmaster, "utf8").split("\n")[0]);
  expect(commandLineOf(server)).toContain(folder);
  process.kill(command.pid!, "SIGINT");
  expect((await command.ended).code).toBe(1);
  expect([stays(), server].map(commandLineOf)).toEqual(["", ""]);
  for (const file of ["start.lock", "processes.json", "postgres/postmaster.pid"])
    expect({ file, isLeft: existsSync(path.join(folder, file)) }).toEqual({ file, isLeft: false });
});
