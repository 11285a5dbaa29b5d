import fc from "fast-check";
import { expect, test } from "vitest";
import { importForeign } from "./import-foreign";
import { jsonFaultLine } from "./json-fault";

test.each([
  ['{\n "a": 1,\n}', 3],
  ["[1,\n2,,\n3]", 2],
  ['{"a": 1}\n{"b": 2}', 2],
  ['{\n"a" 1}', 2],
  ['{"a": "open\n"}', 1],
  ["[1,\n\n", 3],
  ["{'a': 1}", 1],
  ["[01]", 1],
  ["[1}", 1],
  ["", 1],
])("the fault of %j is on line %d", (text, line) => {
  expect(jsonFaultLine(text)).toBe(line);
});

test("a fault is found exactly where a text is not JSON", () => {
  const signs = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"\\n"',
    "1",
    "-1.5e3",
    "true",
    "nul",
    " ",
    "\n",
  );
  const texts = fc.oneof(
    fc.array(signs, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.json({ maxDepth: 4 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const isJson = () => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      };
      expect(jsonFaultLine(text) === null).toBe(isJson());
    }),
    { numRuns: 5_000 },
  );
});

test("a file that begins like JSON and is none is told so with the line, and other files are not", async () => {
  const messageOf = async (name: string, text: string) => (await importForeign(name, text)).traps[0]?.message;
  expect(await messageOf("bom.json", '{\n "bomFormat": "CycloneDX",\n}')).toBe(
    "The file is not JSON: line 3 is wrong or breaks off.",
  );
  expect(await messageOf("rows.jsonl", '{"a":1}\n{"b":')).toContain("none of the formats");
  expect(await messageOf("notes.txt", "plain words")).toContain("none of the formats");
});
