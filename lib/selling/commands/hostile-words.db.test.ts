import { DomainError } from "@/lib/shared/domain-error";
import { once } from "@/lib/platform/receipts";
import { askedBy } from "@/lib/accounts/session/request";
import { randomUUID } from "node:crypto";
import { renderToStaticMarkup } from "react-dom/server";
import { createElement } from "react";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { Description } from "@/components/catalogue/description";
import { actorOf } from "@/lib/accounts/actor";
import { DESCRIPTION_MAX_CHARACTERS, MARKED_MAX_NODES } from "@/lib/catalogue/marked-text";
import { readDescription } from "@/lib/catalogue/queries/read-description";
import { askReader } from "@/lib/formats/ask-reader.fixture";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { importFileInput } from "../schemas";
import { findFileReading } from "../queries/file-readings";
import { importFileIntoDraft } from "./import-file";
import { startDraft } from "./edit-draft";
import { isStillReading, readPatiently, storeToRead } from "./read-patiently";

const seller = actorOf({ accountId: "seller" });
const stranger = actorOf({ accountId: "stranger" });
const VIEW_MS = 50;

beforeAll(openInstallation);

test("showing the worst allowed description costs at most 50 ms of processor time more than an empty one", async () => {
  const longest = "a *b*\n\n".repeat(MARKED_MAX_NODES / 4 - 10);
  const text = longest.padEnd(DESCRIPTION_MAX_CHARACTERS, "x ");
  const { nodes } = await readDescription("seller", text);
  const show = (words: typeof nodes) => {
    const before = process.cpuUsage();
    for (let time = 0; time < 5; time++)
      renderToStaticMarkup(createElement(Description, { text: "", nodes: words }));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 5000;
  };
  show(nodes);
  expect(show(nodes) - show([])).toBeLessThanOrEqual(VIEW_MS);
});

test.each([
  ["description", "nests", "> ".repeat(5_000), "more than 20 deep"],
  ["description", "is long", "[".repeat(60_000), "more than 20,000 characters"],
  ["foreign", "nests", "[".repeat(1_000_000), "nests more than 64 deep"],
  [
    "foreign",
    "is CycloneDX and nests",
    `{"bomFormat":"CycloneDX","components":${'[{"components":'.repeat(500)}`,
    "nests",
  ],
  [
    "rows",
    "has an open quote",
    `label,prediction\n"${"a".repeat(200_000)}`,
    "longer than 100,000 characters",
  ],
] as const)("a %s that %s is refused in a sentence", async (reader, _, text, sentence) => {
  const { found } = await askReader({ reader, name: "x" }, text);
  expect(found).toContain(sentence);
});

test("front matter of 200 KB and one that multiplies are left out and said so, and the card is read", async () => {
  for (const front of ["k: 1\n".repeat(40_000), `a: ${"[".repeat(400)}`, `${"? ".repeat(5_000)}a`]) {
    const { usage, found } = await askReader({ reader: "card", name: "card" }, `---\n${front}\n---\n# Card`);
    expect(found).toBe("read");
    expect(usage?.processorMs).toBeLessThan(2_000);
    expect(usage?.peakKilobytes).toBeLessThan(256 * 1024);
  }
});

test("a reader that needs too much memory refuses its input alone, and others are read meanwhile", async () => {
  const line = `{"doc_id":1,"resps":[${"{},".repeat(60)}{}]}\n`;
  const manyObjects = line.repeat(150_000);
  const hostile = askReader({ reader: "foreign", name: "samples" }, manyObjects, "attacker");
  const { found } = await askReader({ reader: "description", name: "x" }, "# Words", "somebody");
  expect(found).toBe("read");
  expect((await hostile).found).toMatch(/memory|computing/);
}, 120_000);

test("of one account one file is read at a time over all processes, and a stranger sees nothing of it", async () => {
  let release = () => {};
  const until = new Promise<void>((resolve) => (release = resolve));
  const done = await readPatiently(seller, "slow.csv", async (onProgress) => {
    await until;
    onProgress(120_000, "rows");
    return { message: "Read.", location: "/sell" };
  });
  if (!isStillReading(done)) throw new Error("It was read at once.");
  const { draftId } = await startDraft(seller);
  const files = () => db.storedFile.count();
  const before = await files();
  const input = importFileInput.parse({ fileName: "b.json" });
  await expect(importFileIntoDraft(seller, draftId, Readable.from(["{}"]), input)).rejects.toThrow(
    expect.objectContaining({ code: "reading_busy", message: expect.stringContaining("slow.csv") }),
  );
  expect(await files()).toBe(before);
  expect(await findFileReading(stranger, done.readingId)).toBeNull();
  expect(await findFileReading(seller, done.readingId)).toMatchObject({
    state: "reading",
    fileName: "slow.csv",
  });
  release();
  await done.settled;
  expect(await findFileReading(seller, done.readingId)).toMatchObject({ state: "ready", message: "Read." });
});

test("a file that was only stored to be read takes no receipt, so that it may be sent again under its key", async () => {
  const key = randomUUID();
  const asked = await askedBy(seller, { key, command: "read", input: {}, isStreamed: true });
  const refused = async () => {
    await storeToRead(seller, Readable.from(["{}"]), { name: "a.json", maxBytes: 100 });
    throw new DomainError("reading_busy", "Wait.");
  };
  await expect(once(asked, refused, undefined)).rejects.toMatchObject({ code: "reading_busy" });
  expect(await db.commandReceipt.count({ where: { key } })).toBe(0);
});

test("a reading whose process is gone is told as broken off, and the account's next is read", async () => {
  const startedAt = new Date(Date.now() - 3_600_000);
  const { id } = await db.fileReading.create({
    data: { accountId: "seller", fileName: "gone.csv", startedAt },
  });
  await readPatiently(seller, "next.csv", async () => ({ message: "", location: "/sell" }));
  expect(await findFileReading(seller, id)).toMatchObject({ state: "refused" });
});
