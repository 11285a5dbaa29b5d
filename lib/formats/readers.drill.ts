import { readingLimits } from "@/lib/platform/reading";
import { askReader } from "./ask-reader.fixture";
import { shapes } from "./hostile-shapes.fixture";

/**
 * What strangers may send, at its worst and beyond every limit: each is read or refused in a sentence within the
 * processor time and memory of its reader, and an ordinary read of somebody else goes on meanwhile.
 */

const MAX_MEGABYTES = { description: 256, card: 256, rows: 512, foreign: 768 } as const;
/** What somebody with an ordinary description waits at most while hostile files are read, on an otherwise idle machine. */
const ORDINARY_P95_MS = 2_000;

const beyond = { description: 60_000, card: 200_000, rows: 24_000_000, foreign: 16_000_000 };
const wide = `label,prediction,${Array.from({ length: 23 }, (_, i) => `c${i}`).join(",")}\n`;
const cells = (row: number) =>
  Array.from({ length: 23 }, (_, i) => (i < 12 ? `v${(row * i) % (5 + i)}` : row * i));
const attacks = [
  ...shapes.map((shape) => ({ ...shape, text: () => shape.of(beyond[shape.reader]) })),
  {
    reader: "rows" as const,
    name: "200,000 rows of 25 columns",
    text: () => wide + Array.from({ length: 200_000 }, (_, row) => `a,b,${cells(row).join(",")}`).join("\n"),
  },
  { reader: "foreign" as const, name: "a million levels", text: () => "[".repeat(1_000_000) },
  {
    reader: "foreign" as const,
    name: "samples",
    text: () => `{"doc_id":1,"resps":[${"{},".repeat(60)}{}]}\n`.repeat(150_000),
  },
  {
    reader: "foreign" as const,
    name: "30 MB of empty objects",
    text: () => `[${"{},".repeat(10_000_000)}{}]`,
  },
];

function say(row: { attack: string; limit: string; measured: string; within: boolean }): void {
  if (!row.within) process.exitCode = 1;
  console.log(JSON.stringify(row));
}

for (const attack of attacks) {
  const lane = attack.reader === "rows" || attack.reader === "foreign" ? "files" : "words";
  const { seconds } = readingLimits[lane];
  const { characters, usage, found } = await askReader(attack, attack.text());
  const megabytes = usage ? Math.round(usage.peakKilobytes / 1024) : null;
  // Whoever was ended was ended by the limit itself.
  const isWithin =
    usage === null
      ? found !== "read"
      : usage.processorMs <= seconds * 1000 && (megabytes ?? 0) <= MAX_MEGABYTES[attack.reader];
  say({
    attack: `${attack.reader}: ${attack.name}, ${characters.toLocaleString("en")} characters: ${found.slice(0, 40)}`,
    limit: `${seconds} s, ${MAX_MEGABYTES[attack.reader]} MB`,
    measured: usage ? `${(usage.processorMs / 1000).toFixed(1)} s, ${megabytes} MB` : "ended",
    within: isWithin,
  });
}

const hostile = shapes.find(({ name }) => name === "small objects");
const isDone = { yet: false };
const attacker = askReader(hostile!, hostile!.of(beyond.foreign), "attacker").then(() => (isDone.yet = true));
const waits: number[] = [];
while (!isDone.yet || waits.length < 20)
  waits.push((await askReader({ reader: "description", name: "ordinary" }, "# A *word*", "somebody")).wallMs);
await attacker;
const p95 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? 0;
say({
  attack: `an ordinary read beside a hostile one, p95 of ${waits.length}`,
  limit: `${ORDINARY_P95_MS} ms`,
  measured: `${p95} ms`,
  within: p95 <= ORDINARY_P95_MS,
});
process.exit();
