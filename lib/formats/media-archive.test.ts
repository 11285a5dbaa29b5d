import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ZipMember, zipOf } from "@/lib/artifact/zip.fixture";
import { openMediaArchive } from "./media-archive";
import { readInputs, readRows } from "./read-rows";

const table = { name: "rows.csv", content: "label,file\nbird,a.png\ncat,b.png\n" };
const bird = { name: "a.png", content: "not really a picture" };
const cat = { name: "b.png", content: "nor this one" };
const base64 = (text: string) => Buffer.from(text).toString("base64");

const contract = {
  input: { kind: "image" },
  output: { kind: "class", labels: ["bird", "cat"], scores: null, labelOutput: null, threshold: null },
} as never;
const asked = {
  ...{ fileName: "rows.zip", outputColumns: [], thresholds: [], found: "not_said" as const },
  ...{ conditions: [], level: 0.9, salt: "0".repeat(64), contract },
};

test("pictures are found by the name that their row calls them, in whatever folder the archive lies", async () => {
  const expected = {
    inputs: [
      { kind: "image", base64: base64(bird.content) },
      { kind: "image", base64: base64(cat.content) },
    ],
  };
  const inFolder = [table, bird, cat].map((member) => ({ ...member, name: `set/${member.name}` }));
  const beside = [{ name: "__MACOSX/._a.png", content: "x" }];
  for (const members of [[table, bird, cat], [cat, bird, table], inFolder, [...inFolder, ...beside]])
    expect(await readInputs(asked, zipOf(members))).toEqual(expected);
});

test("a row whose picture is not there is a problem of its line", async () => {
  expect(await readInputs(asked, zipOf([table, bird]))).toEqual({
    problems: ['Line 3: "file" names "b.png", which is not in the archive.'],
    problemCount: 1,
  });
});

test("rows of an archive are counted with the answers that are given for them, a refused one as wrong", async () => {
  const measured = {
    leftOut: [],
    answers: [
      { prediction: "bird", confidence: 0.9 },
      { prediction: "", refused: "No." },
    ],
  };
  const found = await readRows({ ...asked, measured }, zipOf([table, bird, cat]));
  expect("counted" in found && found.counted.summary.overall).toMatchObject({ n: 2, k: 1 });
});

const many = Array.from({ length: 1_001 }, (_, at) => ({ name: `${at}.png`, content: "x" }));
const large = { content: randomBytes(128 * 1024), says: { unpackedBytes: 8 * 1024 ** 2 } };
const zeros = new Uint8Array(300 * 1024);
test.each<[string, ZipMember[], RegExp]>([
  ["more than 1,000 files", [table, ...many], /more than 1,000 files/],
  [
    "a file that unpacks to more than 100 times its size",
    [table, { name: "a.png", content: zeros }],
    /100 times its size/,
  ],
  ["a link", [table, { ...bird, says: { unixMode: 0o120_777 } }], /is a link/],
  ["another archive", [table, { name: "a.png", content: zipOf([bird]) }], /is an archive itself/],
  ["a place outside of it", [table, { ...bird, name: "../a.png" }], /outside of it/],
  ["a name that cannot be seen", [table, { ...bird, name: "a\u202Egnp.png" }], /cannot be seen/],
  ["no table", [bird], /one table of its rows/],
  ["two tables", [table, { ...table, name: "rows.jsonl" }], /one table of its rows/],
  ["a length that is a lie", [table, { ...bird, says: { unpackedBytes: 3 } }], /damaged/],
  [
    "more than 64 MB unpacked",
    [table, ...Array.from({ length: 9 }, (_, at) => ({ ...large, name: `${at}.png` }))],
    /more than 64 MB/,
  ],
])("an archive with %s is refused in a sentence, and nothing of it is taken", async (_, members, reason) => {
  expect(await openMediaArchive(zipOf(members))).toEqual({ problem: expect.stringMatching(reason) });
});

test("no bytes crash the reader of an archive", async () => {
  const whole = zipOf([table, bird, cat]);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      async (at, byte, isCut) => {
        const bytes = isCut
          ? whole.slice(0, at)
          : Uint8Array.from(whole, (old, place) => (place === at ? byte : old));
        const found = await openMediaArchive(bytes);
        expect("problem" in found ? found.problem.length > 0 : found.bytes.length > 0).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});
