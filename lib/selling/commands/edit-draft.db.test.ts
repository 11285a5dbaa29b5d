import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { emptyDraft, readDraftFields } from "@/lib/catalogue/draft-fields";
import { findDiscardedDraft, findDraft, listDrafts } from "../queries/drafts";
import { assignFile, detachFile, uploadToDraft } from "./draft-files";
import { copyDraft, discardDraft, overwriteDraft, restoreDraft, saveDraft, startDraft } from "./edit-draft";
import { fillDraftFromCard } from "./fill-draft";
import { openStoredFile, storeFile } from "@/lib/catalogue/commands/store-file";

const seller = actorOf({ accountId: "seller" });
const stranger = actorOf({ accountId: "stranger" });
const notFound = expect.objectContaining({ code: "not_found" });

const typed = (draftId: string, revision: number, title: string) => ({
  draftId,
  revision,
  fields: { ...emptyDraft, title },
});

const upload = (actor: Actor, draftId: string, content: Buffer | string, name = "rows.txt") =>
  uploadToDraft(actor, draftId, Readable.from([Buffer.from(content)]), { name, part: "weights" });

function storedNames(): string[] {
  const root = path.join(env().DATA_DIR, "storage");
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

beforeAll(openInstallation);

test("a stranger can neither see nor touch a draft or its files", async () => {
  const { draftId } = await startDraft(seller);
  const file = await upload(seller, draftId, "text");
  expect(await findDraft(stranger, draftId)).toBeNull();
  expect(await listDrafts(stranger)).toEqual([]);
  const attempts: (() => Promise<unknown>)[] = [
    () => saveDraft(stranger, typed(draftId, 0, "x")),
    () => overwriteDraft(stranger, typed(draftId, 0, "x")),
    () => copyDraft(stranger, typed(draftId, 0, "x")),
    () => discardDraft(stranger, { draftId }),
    () => upload(stranger, draftId, "text"),
    () => detachFile(stranger, file),
    () => assignFile(stranger, { draftFileId: file.draftFileId, part: "adapter" }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toThrow(notFound);
  await discardDraft(seller, { draftId });
  await expect(restoreDraft(stranger, { draftId })).rejects.toThrow(notFound);
  expect(await findDiscardedDraft(stranger, draftId)).toBeNull();
});

test("of two windows saving at once one is told, and neither version is lost", async () => {
  const { draftId } = await startDraft(seller);
  const results = await Promise.allSettled([
    saveDraft(seller, typed(draftId, 0, "first window")),
    saveDraft(seller, typed(draftId, 0, "second window")),
  ]);
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toMatchObject({ code: "draft_changed_elsewhere" });
  const saved = (await findDraft(seller, draftId))?.fields.title;
  const other = saved === "first window" ? "second window" : "first window";
  const copy = await copyDraft(seller, typed(draftId, 0, other));
  expect((await findDraft(seller, draftId))?.fields.title).toBe(saved);
  expect((await findDraft(seller, copy.draftId))?.fields.title).toBe(other);
  await overwriteDraft(seller, typed(draftId, 0, other));
  expect((await findDraft(seller, draftId))?.fields.title).toBe(other);
});

test("words typed while the platform fills fields in are saved, and what it filled in stays", async () => {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, typed(draftId, 0, "Before"));
  const card = "---\nlanguage: de\n---";
  const found = { card, fields: { title: "Theirs", languages: "de" }, notMapped: [], limits: null };
  await inTransaction(async (tx) => fillDraftFromCard(tx, seller, draftId, found));
  // The page still shows revision 1 without a language.
  const page = { ...typed(draftId, 1, "After"), cardText: "", drawn: 0, touched: ["title"] };
  const saved = await saveDraft(seller, page);
  expect(await findDraft(seller, draftId)).toMatchObject({
    card,
    fields: { title: "After", languages: "de" },
  });
  // A window that knows nothing of what was typed since is told, and so is one that cannot say what it touched.
  const changed = expect.objectContaining({ code: "draft_changed_elsewhere" });
  await expect(saveDraft(seller, page)).rejects.toThrow(changed);
  await expect(saveDraft(seller, typed(draftId, 2, "x"))).rejects.toThrow(changed);
  const again = { ...page, revision: saved.revision, touched: ["title", "cardText"], cardText: "# Mine" };
  await saveDraft(seller, again);
  expect(await findDraft(seller, draftId)).toMatchObject({ card: "# Mine", fields: { languages: "de" } });
});

test("saving the same again is no new revision", async () => {
  const { draftId } = await startDraft(seller);
  const first = await saveDraft(seller, typed(draftId, 0, "T"));
  expect(first.revision).toBe(1);
  expect((await saveDraft(seller, typed(draftId, 1, "T"))).revision).toBe(1);
});

test("a discarded draft is gone until it is brought back, with everything in it", async () => {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, typed(draftId, 0, "Kept"));
  await upload(seller, draftId, "text", "a.txt");
  await discardDraft(seller, { draftId });
  expect(await findDraft(seller, draftId)).toBeNull();
  await expect(saveDraft(seller, typed(draftId, 1, "x"))).rejects.toThrow(notFound);
  await restoreDraft(seller, { draftId });
  const back = await findDraft(seller, draftId);
  expect(back?.fields.title).toBe("Kept");
  expect(back?.files.map((file) => file.path)).toEqual(["a.txt"]);
});

test("an upload is kept encrypted with its digest, and two of one name get two names", async () => {
  const { draftId } = await startDraft(seller);
  const content = randomBytes(200_000).toString("base64");
  const first = await upload(seller, draftId, content, "w.txt");
  const second = await upload(seller, draftId, content, "w.txt");
  expect([first.path, second.path]).toEqual(["w.txt", "w-2.txt"]);
  expect(first.sha256).toBe(second.sha256);
  const { stream } = await openStoredFile(first.id);
  expect((await buffer(stream)).toString()).toBe(content);
});

test("an index of weights keeps its draft from being published until all it names is there", async () => {
  const { draftId } = await startDraft(seller);
  const index = JSON.stringify({ weight_map: { a: "w-1.txt", b: "w-2.txt" } });
  await upload(seller, draftId, index, "w.index.json");
  await upload(seller, draftId, "weights", "w-1.txt");
  const aboutFiles = async () =>
    (await findDraft(seller, draftId))?.problems.filter(({ field }) => field === "files");
  expect(await aboutFiles()).toEqual([
    {
      field: "files",
      message: "w.index.json belongs with a file that is not here: w-2.txt.",
      isMissing: false,
    },
  ]);
  await upload(seller, draftId, "weights", "w-2.txt");
  expect(await aboutFiles()).toEqual([]);
});

test("a pickle is refused with the reason and leaves neither row nor bytes", async () => {
  const { draftId } = await startDraft(seller);
  const before = [storedNames(), await db.storedFile.count()];
  const pickle = Buffer.from([0x80, 0x04, 0x95, 0x05, 0, 0, 0, 0, 0, 0, 0, 0x8c, 1, 0x61, 0x94, 0x2e]);
  await expect(upload(seller, draftId, pickle, "model.pt")).rejects.toThrow(
    expect.objectContaining({ code: "file_refused" }),
  );
  expect([storedNames(), await db.storedFile.count()]).toEqual(before);
});

test("an upload that breaks off leaves neither row nor bytes", async () => {
  const { draftId } = await startDraft(seller);
  const before = [storedNames(), await db.storedFile.count()];
  const broken = Readable.from(
    (async function* () {
      yield randomBytes(300_000);
      throw new Error("gone");
    })(),
  );
  await expect(uploadToDraft(seller, draftId, broken, { name: "a.txt", part: "weights" })).rejects.toThrow(
    "gone",
  );
  expect([storedNames(), await db.storedFile.count()]).toEqual(before);
});

test("a draft discarded while its upload runs gets neither file nor bytes", async () => {
  const { draftId } = await startDraft(seller);
  const before = [storedNames(), await db.storedFile.count()];
  const slow = Readable.from(
    (async function* () {
      yield Buffer.from("first");
      await discardDraft(seller, { draftId });
      yield Buffer.from("last");
    })(),
  );
  await expect(uploadToDraft(seller, draftId, slow, { name: "a.txt", part: "weights" })).rejects.toThrow(
    notFound,
  );
  expect([storedNames(), await db.storedFile.count()]).toEqual(before);
});

test("files that only together exceed the quota are not both kept, also at the same moment", async () => {
  const crowded = actorOf({ accountId: "crowded" });
  const quota = env().UPLOAD_QUOTA_BYTES;
  await db.storedFile.create({
    data: {
      ownerId: "crowded",
      sha256: "0".repeat(64),
      sizeBytes: BigInt(quota - 150),
      storageKey: "crowded-filler",
      format: "text",
    },
  });
  const file = () => storeFile(crowded, Readable.from([randomBytes(50).toString("hex")]), { name: "a.txt" });
  const results = await Promise.allSettled([file(), file()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({
    code: "quota_reached",
  });
});

test("a file taken off its draft is deleted, unless a copy of the draft still holds it", async () => {
  const { draftId } = await startDraft(seller);
  const file = await upload(seller, draftId, "text", "a.txt");
  const copy = await copyDraft(seller, typed(draftId, 0, "copy"));
  await detachFile(seller, file);
  expect(await db.storedFile.count({ where: { id: file.id } })).toBe(1);
  const copied = await findDraft(seller, copy.draftId);
  await detachFile(seller, { draftFileId: copied?.files[0]?.id ?? "" });
  expect(await db.storedFile.count({ where: { id: file.id } })).toBe(0);
  await expect(openStoredFile(file.id)).rejects.toThrow(notFound);
});

test("what is stored can be read as fields again", async () => {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, typed(draftId, 0, "T"));
  const row = await db.listingDraft.findUniqueOrThrow({ where: { id: draftId } });
  expect(readDraftFields(row.fields)).toEqual({ ...emptyDraft, title: "T" });
});
