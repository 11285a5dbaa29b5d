import { utimesSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { openObject, putObject } from "@/lib/platform/storage";
import { uploadToDraft } from "./draft-files";
import { discardDraft, restoreDraft, startDraft } from "./edit-draft";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { sweepFiles } from "./sweep-files";

const seller = actorOf({ accountId: "seller" });
const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

function ageObject(storageKey: string, days: number): void {
  for (const folder of ["objects", "keys"]) {
    const file = path.join(env().DATA_DIR, "storage", folder, storageKey.slice(0, 2), storageKey);
    utimesSync(file, ago(days), ago(days));
  }
}

async function discardedDraft(
  days: number,
): Promise<{ draftId: string; storageKey: string; fileId: string }> {
  const { draftId } = await startDraft(seller);
  const file = await uploadToDraft(seller, draftId, Readable.from(["text"]), {
    name: "a.txt",
    part: "weights",
  });
  await discardDraft(seller, { draftId });
  await db.listingDraft.update({ where: { id: draftId }, data: { closedAt: ago(days) } });
  const { storageKey } = await db.storedFile.update({
    where: { id: file.id },
    data: { createdAt: ago(days) },
  });
  return { draftId, storageKey, fileId: file.id };
}

beforeAll(openInstallation);

test("a draft thrown away a week ago goes with its bytes, and a younger one can be brought back", async () => {
  const old = await discardedDraft(8);
  const young = await discardedDraft(6);
  await sweepFiles();
  await expect(restoreDraft(seller, { draftId: old.draftId })).rejects.toThrow(
    expect.objectContaining({ code: "not_found" }),
  );
  await expect(openObject(old)).rejects.toThrow(/gone/);
  await restoreDraft(seller, { draftId: young.draftId });
  await expect(openObject(young)).resolves.toBeInstanceOf(Readable);
});

test("a file that an unsigned evaluation needs stays", async () => {
  const file = await storeFile(seller, Readable.from(["label,prediction\na,a\n"]), { name: "rows.csv" });
  await db.storedFile.update({ where: { id: file.id }, data: { createdAt: ago(2) } });
  await db.evaluation.create({
    data: {
      draftId: "any",
      dataSetName: "Rows",
      rowsDigest: "0",
      rowsFileId: file.id,
      grade: "seller_signed",
      role: "seller",
      relation: "first_party",
      binding: { kind: "answers_only", reason: "Made for a test." },
      evaluatorId: seller.accountId,
      n: 1,
      declaredLevel: "0.90",
      summary: {},
      finishedAt: new Date(),
    },
  });
  await sweepFiles();
  expect(await db.storedFile.count({ where: { id: file.id } })).toBe(1);
});

test("bytes whose row never came are deleted after a day and not before", async () => {
  const orphan = await putObject(Readable.from(["killed before the row"]), { maxBytes: 100 });
  await sweepFiles();
  await expect(openObject(orphan)).resolves.toBeInstanceOf(Readable);
  ageObject(orphan.storageKey, 2);
  await sweepFiles();
  await expect(openObject(orphan)).rejects.toThrow(/gone/);
});
