import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./domains.mjs";

const textOf = (file: string) => readFileSync(path.join(root, file), "utf8");
const promises = textOf("lib/platform/README.md").split("## Promises, walked row by row")[1] ?? "";

test("every test that the table of promises names exists, and so does every drill", () => {
  const tests = globSync("{app,components,e2e,lib,prisma}/**/*.{test,spec}.ts", { cwd: root })
    .map(textOf)
    .join("\n");
  const named = [...promises.matchAll(/“([^”]+)”/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((name) => !tests.includes(`"${name}"`))).toEqual([]);
  const drills = [...promises.matchAll(/`([\w/.-]+\.drill\.m?ts|[\w/.-]+\.drill\.mjs)`/g)].map(
    ([, file = ""]) => file,
  );
  expect(drills.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test("every row of it names what holds it, or what is missing", () => {
  const rows = promises
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:-|Promise|Row|Hazard)/.test(line));
  expect(rows.length).toBeGreaterThan(70);
  for (const row of rows) {
    const [, held = "", missing = ""] = row.split(" | ");
    expect(held.trim() !== "" || missing.replace(/\|$/, "").trim() !== "", row).toBe(true);
  }
});

/** Below these, advisories tell of ways past a proxy, of code that runs, of forged senders and of files that are read. */
const FLOORS = { next: "16.4.1", react: "19.2.6", "next-auth": "4.24.15", nodemailer: "9.0.1" };

const partsOf = (version: string) => version.split(".").map(Number);
const isAtLeast = (version: string, floor: string) => {
  const [own, least] = [partsOf(version), partsOf(floor)];
  const at = own.findIndex((part, place) => part !== least[place]);
  return at === -1 || own[at]! > least[at]!;
};

test("packages whose older versions are known to be dangerous are not older than that", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { version?: string }>;
  };
  for (const [name, floor] of Object.entries(FLOORS)) {
    const found = Object.entries(packages).filter(([place]) => place.endsWith(`node_modules/${name}`));
    expect(found.length).toBeGreaterThan(0);
    for (const [place, { version = "0.0.0" }] of found)
      expect(isAtLeast(version, floor), `${place} ${version}`).toBe(true);
  }
  expect(isAtLeast("16.4.0", "16.4.1")).toBe(false);
});
