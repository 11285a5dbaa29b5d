import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tableOwners } from "@/lib/conventions/domains.mjs";
import { limits, requireRoom } from "./limits";

const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
const table = readme.slice(readme.indexOf("## What an account can pile up")).split("\n## ")[0] ?? "";
const rows = table.split("\n").filter((line) => line.startsWith("| "));
const namesIn = (cell: string | undefined) => [...(cell ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name);

test("every table of the schema has its bound in the README, once, and no other table has", () => {
  const named = rows.flatMap((row) => namesIn(row.split(" | ")[0]));
  expect(named.toSorted()).toEqual([...tableOwners().keys()].toSorted());
});

test("every limit stands in the README with its numbers, and every limit named there exists", () => {
  for (const [name, limit] of Object.entries(limits)) {
    const row = rows.find((one) => one.includes(`(\`${name}\`)`));
    const numbers = typeof limit === "number" ? [limit] : Object.values(limit);
    for (const number of numbers)
      expect(row, name).toMatch(new RegExp(`\\b${number.toLocaleString("en")}\\b`));
  }
  const named = [...table.matchAll(/\(`(\w+)`\)/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(Object.keys(limits).toSorted());
});

test("there is room up to the limit, and none at it", () => {
  expect(() => requireRoom(19, 20, "Twenty are too many.")).not.toThrow();
  expect(() => requireRoom(20, 20, "Twenty are too many.")).toThrow("Twenty are too many.");
});
