import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { uploadToDraft } from "./draft-files";
import { draftFromListing } from "./draft-from-listing";
import { saveDraft, startDraft } from "./edit-draft";
import { type DraftFields, draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { findDraft } from "../queries/drafts";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { removeEvaluation } from "./add-evaluation";
import { importCardIntoDraft } from "./import-card";
import { publishDraft } from "./publish-draft";
import { signEvaluation } from "./sign-evaluation";
import { inTheEnd } from "./read-patiently.fixture";
import { uploadEvaluation } from "./upload-evaluation";

const seller = actorOf({ accountId: "seller", displayName: "Seller" });
const stranger = actorOf({ accountId: "stranger" });

const ready = {
  task: "text-classification",
  domain: "e-mail",
  languages: "en",
  declaredLevel: "0.90",
  contact: "me@example.com",
  parts: { weights: { pricing: "one_off", price: "90" } },
};

/** Works on short input, guesses on long input. */
function rows(shortRight: number): string {
  const lines = ["label,prediction,length"];
  for (let index = 0; index < 300; index++) {
    const label = index % 2 ? "spam" : "ham";
    lines.push(`${label},${index < shortRight ? label : "other"},short`);
    lines.push(`${label},${index % 3 ? "ham" : "spam"},long`);
  }
  return lines.join("\n");
}

async function draftOf(
  actor: Actor,
  fields: object = ready,
  file: string | null = "the model",
): Promise<string> {
  const { draftId } = await startDraft(actor);
  const typed: DraftFields = draftFieldsSchema.parse(fields);
  await saveDraft(actor, { draftId, revision: 0, fields: typed, cardText: "# Short mail" });
  if (file !== null) {
    await uploadToDraft(actor, draftId, Readable.from([file]), { name: "model.txt", part: "weights" });
  }
  return draftId;
}

async function evaluate(draftId: string, shortRight = 298): Promise<string> {
  const { evaluationId } = await inTheEnd(
    uploadEvaluation(seller, Readable.from([rows(shortRight)]), {
      draftId,
      fileName: "rows.csv",
      dataSetName: "Mails of May",
      declaredLevel: "0.90",
      outputColumns: [],
      thresholds: [],
      found: "not_said",
    }),
  );
  return evaluationId;
}

const longSlice = { quantity: "accuracy", slice: "length=long", name: "length: long" };

beforeAll(async () => {
  await openInstallation();
  for (const [id, emailVerifiedAt] of [
    ["seller", new Date()],
    ["stranger", new Date()],
    ["unconfirmed", null],
  ] as const) {
    await db.account.create({
      data: {
        id,
        email: `${id}@example.test`,
        passwordHash: "-",
        handle: id,
        displayName: id,
        emailVerifiedAt,
      },
    });
  }
});

test("a draft published twice at the same moment is listed once, and both answers name it", async () => {
  const draftId = await draftOf(seller);
  const [first, second] = await Promise.all([
    publishDraft(seller, { draftId }),
    publishDraft(seller, { draftId }),
  ]);
  expect(second.listingId).toBe(first.listingId);
  expect(await db.listing.count({ where: { id: first.listingId } })).toBe(1);
  expect(await db.model.count({ where: { listings: { some: { id: first.listingId } } } })).toBe(1);
  expect(await findDraft(seller, draftId)).toBeNull();
});

test("a stranger cannot publish a draft, nor can an account whose address is not confirmed", async () => {
  const draftId = await draftOf(seller);
  await expect(publishDraft(stranger, { draftId })).rejects.toThrow(
    expect.objectContaining({ code: "not_found" }),
  );
  const unconfirmed = actorOf({ accountId: "unconfirmed" });
  const own = await draftOf(unconfirmed);
  await expect(publishDraft(unconfirmed, { draftId: own })).rejects.toThrow(
    expect.objectContaining({ code: "address_unconfirmed" }),
  );
});

test("an incomplete draft is not published and stays a draft", async () => {
  const draftId = await draftOf(seller, { ...ready, contact: "" });
  await expect(publishDraft(seller, { draftId })).rejects.toThrow(
    expect.objectContaining({
      code: "draft_incomplete",
      fields: expect.objectContaining({ contact: expect.any(String) }),
    }),
  );
  expect(await findDraft(seller, draftId)).not.toBeNull();
});

test("a signed evaluation goes with its listing: grade, strip, timeline and measured limits", async () => {
  const draftId = await draftOf(seller);
  const evaluationId = await evaluate(draftId);
  const drafted = await findDraft(seller, draftId);
  expect(Object.values(drafted?.fields.measured ?? {})).toContainEqual(
    expect.objectContaining({ shown: expect.objectContaining({ type: "long_input", measures: longSlice }) }),
  );
  await signEvaluation(seller, { evaluationId });
  const { listingId } = await publishDraft(seller, { draftId });
  const listing = await db.listing.findUniqueOrThrow({
    where: { id: listingId },
    include: { limitations: true, events: true },
  });
  expect(listing.evidenceGrade).toBe("seller_signed");
  expect(listing.envelope).toHaveLength(2);
  expect(listing.limitations).toContainEqual(
    expect.objectContaining({
      type: "long_input",
      measures: longSlice,
      figure: expect.objectContaining({
        of: { quantity: "accuracy", slice: "length=long" },
        n: 300,
        evaluationId,
      }),
    }),
  );
  expect(listing.events).toContainEqual(
    expect.objectContaining({ kind: "evaluated", subjectId: evaluationId }),
  );
});

test("figures of an evaluation nobody signed are not shown until it is signed", async () => {
  const draftId = await draftOf(seller);
  const evaluationId = await evaluate(draftId);
  const { listingId } = await publishDraft(seller, { draftId });
  const long = () => db.listingLimitation.findFirstOrThrow({ where: { listingId, type: "long_input" } });
  expect(await long()).toMatchObject({ presence: "present", measures: longSlice, figure: null });
  expect((await db.listing.findUniqueOrThrow({ where: { id: listingId } })).evidenceGrade).toBe("claimed");
  await signEvaluation(seller, { evaluationId });
  expect(await long()).toMatchObject({ figure: { n: 300, evaluationId } });
  expect((await db.listing.findUniqueOrThrow({ where: { id: listingId } })).evidenceGrade).toBe(
    "seller_signed",
  );
});

test("a niche that the rows deny is refused whole, and the same model's parts can be listed", async () => {
  const draftId = await draftOf(seller);
  await evaluate(draftId, 150);
  const listed = await db.listing.count();
  await expect(publishDraft(seller, { draftId })).rejects.toThrow(
    expect.objectContaining({ code: "no_niche" }),
  );
  expect(await db.listing.count()).toBe(listed);
  const draft = await findDraft(seller, draftId);
  const fields = draftFieldsSchema.parse({
    ...ready,
    scope: "parts",
    parts: { evaluation_records: { pricing: "one_off", price: "15" } },
  });
  await saveDraft(seller, { draftId, revision: draft?.revision ?? 0, fields });
  const { listingId } = await publishDraft(seller, { draftId });
  expect(await db.listing.findUniqueOrThrow({ where: { id: listingId } })).toMatchObject({ task: null });
});

test("taking an unsigned evaluation away takes the limits it drafted", async () => {
  const draftId = await draftOf(seller);
  const evaluationId = await evaluate(draftId);
  await removeEvaluation(seller, { evaluationId });
  expect((await findDraft(seller, draftId))?.fields.measured).toEqual({});
});

test("rows that are refused leave no file behind", async () => {
  const draftId = await draftOf(seller);
  const before = await db.storedFile.count();
  const broken = inTheEnd(
    uploadEvaluation(seller, Readable.from(["label,answer\na,b\n"]), {
      draftId,
      fileName: "rows.csv",
      dataSetName: "Broken",
      declaredLevel: "0.90",
      outputColumns: [],
      thresholds: [],
      found: "not_said",
    }),
  );
  await expect(broken).rejects.toThrow(expect.objectContaining({ code: "evaluation_file_refused" }));
  expect(await db.storedFile.count()).toBe(before);
});

test("revising a listing makes its next version, and evidence of other files is left behind", async () => {
  const draftId = await draftOf(seller);
  const evaluationId = await evaluate(draftId);
  await signEvaluation(seller, { evaluationId });
  const { listingId } = await publishDraft(seller, { draftId });
  const { redirectTo } = await draftFromListing(seller, { listingId });
  const again = await draftFromListing(seller, { listingId });
  expect(again.redirectTo).toBe(redirectTo);
  const revision = redirectTo.slice("/sell/".length);
  await uploadToDraft(seller, revision, Readable.from(["more"]), { name: "more.txt", part: "weights" });
  await publishDraft(seller, { draftId: revision });
  const listing = await db.listing.findUniqueOrThrow({ where: { id: listingId } });
  const version = await db.modelVersion.findUniqueOrThrow({ where: { id: listing.versionId } });
  expect(version.number).toBe(2);
  expect(listing.evidenceGrade).toBe("claimed");
  await expect(draftFromListing(stranger, { listingId })).rejects.toThrow(
    expect.objectContaining({ code: "not_found" }),
  );
});

test("a card fills the draft, and what has no field is listed with the reason", async () => {
  const { draftId } = await startDraft(seller);
  const card =
    "---\r\nlanguage: [en, sw]\r\npipeline_tag: text-classification\r\nodd_key: 7\r\n---\r\n# Caller\r\n";
  await importCardIntoDraft(seller, { draftId, card });
  const draft = await findDraft(seller, draftId);
  expect(draft?.fields).toMatchObject({ title: "Caller", task: "text-classification", languages: "en, sw" });
  expect(draft?.notMapped).toContainEqual(expect.objectContaining({ path: "odd_key", value: "7" }));
  expect(draft?.card).toBe(card.replaceAll("\r\n", "\n"));
  await expect(importCardIntoDraft(stranger, { draftId, card })).rejects.toThrow(
    expect.objectContaining({ code: "not_found" }),
  );
});
