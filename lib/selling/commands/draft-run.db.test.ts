import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openPerson } from "@/lib/accounts/person.fixture";
import { fasttextBytes } from "@/lib/artifact/fasttext.fixture";
import { draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { classes, fileOf, sumOfWords, transformersBundle } from "@/lib/inference/bundles.fixture";
import type { BundleFile } from "@/lib/inference/commands/bundle-folder";
import { bundleOfVersion } from "@/lib/inference/commands/stored-bundle";
import { contractDigest, runContractSchema } from "@/lib/inference/run-contract";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { findDraftRun } from "../queries/draft-run";
import { uploadToDraft } from "./draft-files";
import { draftFromListing } from "./draft-from-listing";
import { draftRun, dryRunDraft, writeRun } from "./draft-run";
import { saveDraft, startDraft } from "./edit-draft";
import { publishDraft } from "./publish-draft";

beforeAll(async () => {
  await openInstallation();
});

const sentiments = transformersBundle({
  task: "text-classification",
  onnx: sumOfWords(2, { good: [-2, 2], bad: [2, -2] }),
  config: { id2label: { 0: "negative", 1: "positive" }, architectures: ["BertForSequenceClassification"] },
  output: classes("negative", "positive"),
}).files;
const languages = [fileOf("model.ftz", fasttextBytes({ good: [3, 0], bad: [0, 3] }, ["yes", "no"]))];

const ready = draftFieldsSchema.parse({
  task: "text-classification",
  domain: "e-mail",
  languages: "en",
  declaredLevel: "0.90",
  contact: "me@example.com",
  parts: { weights: { pricing: "one_off", price: "90" } },
});

async function draftWith(files: readonly BundleFile[]): Promise<{ actor: Actor; draftId: string }> {
  const { actor } = await openPerson("Seller");
  const { draftId } = await startDraft(actor);
  await saveDraft(actor, { draftId, revision: 0, fields: ready, cardText: "# Short mail" });
  for (const { path, open } of files) {
    const bytes = await buffer(await open());
    const part = { name: path.split("/").at(-1) ?? "", part: "weights" as const };
    await uploadToDraft(actor, draftId, Readable.from([bytes]), { ...part, declaredBytes: bytes.length });
  }
  return { actor, draftId };
}

const see = async (actor: Actor, draftId: string, rows: string) =>
  dryRunDraft(actor, { draftId, rows, files: [] });

test("files as a toolkit wrote them are recognised, seen to run, and published with their contract", async () => {
  for (const [files, row, answer] of [
    [sentiments, "good film", "positive"],
    [languages, "bad", "no"],
  ] as const) {
    const { actor, draftId } = await draftWith(files);
    await draftRun(actor, { draftId });
    expect(JSON.stringify(await see(actor, draftId, row))).toMatch(
      /It ran\. Check the answers|\/sell\/readings\//,
    );
    const run = await findDraftRun(actor, draftId);
    expect(run).toMatchObject({
      isConfirmed: true,
      dryRun: { isStale: false, ran: { answers: [{ input: row, prediction: answer, refused: null }] } },
    });
    const { versionId } = await publishDraft(actor, { draftId });
    const bundle = await bundleOfVersion(versionId);
    if ("reason" in bundle) throw new Error(bundle.reason);
    expect(contractDigest(bundle.contract)).toBe(run.contract?.sha256);
  }
});

test("a contract or files that were changed since make what was seen stale, and are published without one", async () => {
  const { actor, draftId } = await draftWith(languages);
  await draftRun(actor, { draftId });
  await see(actor, draftId, "good");
  await writeRun(actor, { draftId, threshold: "yes >= 0.9 else no" });
  expect(await findDraftRun(actor, draftId)).toMatchObject({ isConfirmed: false, dryRun: { isStale: true } });
  await see(actor, draftId, "good");
  expect(await findDraftRun(actor, draftId)).toMatchObject({ isConfirmed: true });
  await uploadToDraft(actor, draftId, Readable.from([Buffer.from("{}")]), {
    name: "notes.json",
    part: "weights",
  });
  expect(await findDraftRun(actor, draftId)).toMatchObject({ isConfirmed: false, dryRun: { isStale: true } });
  const { versionId } = await publishDraft(actor, { draftId });
  expect(await bundleOfVersion(versionId)).toHaveProperty("reason");
});

test("a revision keeps the contract of the version on the market until it is changed", async () => {
  const { actor, draftId } = await draftWith(languages);
  await draftRun(actor, { draftId });
  await see(actor, draftId, "good");
  const { listingId, versionId } = await publishDraft(actor, { draftId });
  const { redirectTo } = await draftFromListing(actor, { listingId });
  const again = redirectTo.split("/").at(-1) ?? "";
  expect(await findDraftRun(actor, again)).toMatchObject({ isConfirmed: true, dryRun: { ran: null } });
  expect((await publishDraft(actor, { draftId: again })).versionId).toBe(versionId);
});

test("what is no bundle, rows that fit no contract, and strangers are refused in a sentence", async () => {
  const { actor, draftId } = await draftWith([fileOf("notes.json", "{}")]);
  await expect(draftRun(actor, { draftId })).rejects.toMatchObject({ code: "not_runnable" });
  await expect(see(actor, draftId, "one")).rejects.toMatchObject({ code: "not_runnable" });
  const held = await draftWith(languages);
  await draftRun(held.actor, held);
  await expect(see(held.actor, held.draftId, "")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(see(held.actor, held.draftId, "a\n".repeat(6))).rejects.toMatchObject({
    code: "invalid_input",
  });
  await expect(writeRun(held.actor, { draftId: held.draftId, rowsPerCall: "0" })).rejects.toMatchObject({
    fields: { rowsPerCall: expect.any(String) },
  });
  await expect(draftRun(actor, held)).rejects.toMatchObject({ code: "not_found" });
  const row = await db.listingDraft.findUniqueOrThrow({ where: { id: held.draftId } });
  expect(runContractSchema.safeParse(row.runContract).success).toBe(true);
});
