import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { race } from "@/lib/accounts/person.fixture";
import { makeAccount, makeListing } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { submitEvaluation } from "./add-evaluation";
import { uploadToDraft } from "./draft-files";
import { discardDraft, restoreDraft, startDraft } from "./edit-draft";
import { importFileIntoDraft } from "./import-file";

beforeAll(openInstallation);

const DAY_MS = 86_400_000;

async function keepDrafts(ownerId: string, count: number, closedAt: Date | null): Promise<void> {
  await db.listingDraft.createMany({ data: Array.from({ length: count }, () => ({ ownerId, closedAt })) });
}

test("an account has a hundred open drafts, also at the same moment, and brings none back beyond them", async () => {
  const seller = actorOf({ accountId: "full" });
  const { draftId } = await startDraft(seller);
  await discardDraft(seller, { draftId });
  await keepDrafts("full", limits.draftsOpen - 3, null);
  const raced = await race(Array(6).fill(() => startDraft(seller)));
  expect(raced).toEqual({ won: 3, codes: Array(3).fill("too_many_drafts") });
  await expect(restoreDraft(seller, { draftId })).rejects.toMatchObject({ code: "too_many_drafts" });
});

test("drafts thrown away within a week count for a new one, those from before do not", async () => {
  const seller = actorOf({ accountId: "thrower" });
  const { draftId } = await startDraft(seller);
  await discardDraft(seller, { draftId });
  await keepDrafts("thrower", limits.draftsKept - 1, new Date());
  await expect(startDraft(seller)).rejects.toMatchObject({ code: "too_many_drafts" });
  await expect(restoreDraft(seller, { draftId })).resolves.toBeDefined();
  await db.listingDraft.updateMany({
    where: { ownerId: "thrower" },
    data: { closedAt: new Date(Date.now() - 8 * DAY_MS) },
  });
  await expect(startDraft(seller)).resolves.toBeDefined();
});

test("a draft holds 500 files, also when several arrive at the same moment", async () => {
  const seller = actorOf({ accountId: "filer" });
  const { draftId } = await startDraft(seller);
  const upload = () =>
    uploadToDraft(seller, draftId, Readable.from([Buffer.from("text")]), {
      ...{ name: "a.txt", part: "weights" as const, declaredBytes: 4 },
    });
  const { id: storedFileId } = await upload();
  await db.draftFile.createMany({
    data: Array.from({ length: limits.filesInDraft - 3 }, (_, at) => ({
      draftId,
      storedFileId,
      path: `${at}.txt`,
    })),
  });
  const raced = await race(Array(4).fill(upload));
  expect(raced).toEqual({ won: 2, codes: Array(2).fill("too_many_files") });
});

test("a hundred files are read into a draft, and a further one leaves nothing behind", async () => {
  const seller = actorOf({ accountId: "reader" });
  const { draftId } = await startDraft(seller);
  const read = (license: string) =>
    importFileIntoDraft(seller, draftId, Readable.from([`---\nlicense: ${license}\n---\n# A model\n`]), {
      fileName: "README.md",
      isPasted: false,
      dataSetName: "",
      declaredLevel: "",
      publicKey: "",
    });
  await read("mit");
  const { id: _id, report, ...row } = await db.draftImport.findFirstOrThrow({ where: { draftId } });
  await db.draftImport.createMany({
    data: Array.from({ length: limits.importsInDraft - 1 }, () => ({ ...row, report: report ?? {} })),
  });
  const files = await db.storedFile.count({ where: { ownerId: "reader" } });
  await expect(read("apache-2.0")).rejects.toMatchObject({ code: "limit_reached" });
  expect(await db.storedFile.count({ where: { ownerId: "reader" } })).toBe(files);
});

test("an evaluator brings fifty evaluations of a listing, also at the same moment, and others still bring theirs", async () => {
  const listingId = await makeListing(await makeAccount());
  const { slug } = await db.listing.findUniqueOrThrow({ where: { id: listingId } });
  const rows = Array.from({ length: 60 }, (_, at) => `${at % 2 ? "spam,spam" : "ham,ham"},${at % 3 === 0}`);
  const bring = (evaluator: Actor) =>
    submitEvaluation(evaluator, {
      ...{ slug, dataSetName: "Rows of a quarter", outputColumns: [], thresholds: [], found: "not_said" },
      file: new File([["label,prediction,short", ...rows].join("\n")], "rows.csv"),
    });
  const [evaluator, another] = [await makeAccount(["evaluator"]), await makeAccount(["evaluator"])];
  await bring(evaluator);
  await db.$executeRaw`
    INSERT INTO "Evaluation" (id, "listingId", "versionId", "dataSetName", "rowsDigest", grade, "evaluatorId", n,
      "declaredLevel", summary, "finishedAt")
    SELECT gen_random_uuid()::text, "listingId", "versionId", "dataSetName", "rowsDigest", grade, "evaluatorId", n,
      "declaredLevel", summary, "finishedAt"
    FROM "Evaluation", generate_series(1, ${limits.evaluationsOfListing - 2}) WHERE "evaluatorId" = ${evaluator.accountId}`;
  const raced = await race(Array(2).fill(() => bring(evaluator)));
  expect(raced).toEqual({ won: 1, codes: ["limit_reached"] });
  expect(await db.storedFile.count({ where: { ownerId: evaluator.accountId } })).toBe(2);
  await expect(bring(another)).resolves.toBeDefined();
});
