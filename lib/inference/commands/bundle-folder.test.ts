import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { forgetLeftFolders } from "./bundle-folder";

it("takes away what a process that was killed left of its bundles, and nothing of one that lives", async () => {
  const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
  const folders = [dead, process.ppid].map((pid) => path.join(tmpdir(), `offcut-bundle-${pid}-test`));
  for (const folder of folders) mkdirSync(path.join(folder, "bundle"), { recursive: true });
  await forgetLeftFolders();
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
