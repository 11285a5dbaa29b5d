import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { type Actor, type RoleName, actorOf } from "@/lib/accounts/actor";
import { createDraft } from "@/lib/selling/commands/edit-draft";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import {
  addEvaluationToDraft,
  removeEvaluation,
  submitEvaluation,
} from "@/lib/selling/commands/add-evaluation";
import { replyToEvaluation } from "./commands/reply-to-evaluation";
import { recordEnvelope } from "./commands/record-envelope";
import { type MeasuredRun, recordPlatformEvaluation } from "./commands/record-run";
import { signEvaluation } from "@/lib/selling/commands/sign-evaluation";
import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { openHeldKey } from "./commands/held-key";
import { canonicalJson } from "@/lib/shared/jcs";
import { signAsPlatform, signWith } from "./commands/platform-key";
import { findEnvelope, listEnvelopesOfListing } from "./queries/envelopes";
import { listListingEvaluations } from "./queries/listing-evaluations";
import { findOwnEvaluation, listDraftEvaluations } from "@/lib/selling/queries/own-evaluations";
import { letSell } from "./signer.fixture";
import { statementBytes } from "@/lib/statements/statement";
import { evaluationStatement } from "@/lib/statements/evaluation-statement";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { verifyEnvelope } from "@/lib/statements/verify-envelope";

beforeAll(async () => {
  await openInstallation();
});

async function person(roles: RoleName[] = []): Promise<Actor> {
  const name = `p${randomUUID().slice(0, 8)}`;
  const account = await db.account.create({
    data: {
      email: `${name}@example.test`,
      emailVerifiedAt: new Date(),
      passwordHash: "none",
      handle: name,
      displayName: name,
      roles,
    },
  });
  return actorOf({ accountId: account.id, displayName: name, handle: name, roles });
}

async function listed(seller: Actor) {
  const bytes = Buffer.from(randomUUID());
  const file = await storeFile(seller, Readable.from([bytes]), { name: "notes.txt" });
  const published = await inTransaction((tx) =>
    publishListing(tx, {
      sellerId: seller.accountId,
      title: `Listing ${randomUUID().slice(0, 8)}`,
      contact: "seller@example.test",
      niche: { task: "text-classification", domain: "e-mail", languages: ["en"], declaredLevel: "0.80" },
      artifact: { kind: "files", files: [{ storedFileId: file.id, path: "notes.txt" }] },
      parts: [{ part: "weights", pricing: "one_off", priceMinor: 1200n, termMonths: 12 }],
    }),
  );
  const version = await db.modelVersion.findUniqueOrThrow({ where: { id: published.versionId } });
  return { ...published, modelDigest: version.modelDigest ?? "" };
}

/** 200 rows of which `right` are right, half of them in the slice "short". */
function rowsOf(right: number) {
  return Array.from({ length: 200 }, (_, index) => ({
    label: index % 2 ? "spam" : "ham",
    prediction: index < right ? (index % 2 ? "spam" : "ham") : "neither",
    columns: columnValues([["short", String(index % 4 < 2)]]),
  }));
}

const slices = [columnSlice("short", "true")];

async function runOf(listing: { listingId: string; modelDigest: string }, right = 190): Promise<MeasuredRun> {
  const at = await currentTime();
  return {
    listingId: listing.listingId,
    modelDigest: listing.modelDigest,
    dataSet: { name: "Test rows", use: "attestation", observedFrom: null, observedTo: null },
    rows: rowsOf(right),
    slices,
    runtime: { name: "test", version: "1", isolation: "process", msPer1000: 12.5 },
    startedAt: at,
    finishedAt: at,
  };
}

function csv(right: number): string {
  const lines = rowsOf(right).map(
    ({ label, prediction, columns }) => `${label},${prediction},${columns.get("short")}`,
  );
  return ["label,prediction,short", ...lines].join("\n");
}

async function heldKeyOf(actor: Actor) {
  return openHeldKey({ name: `test-${actor.handle}`, accountId: actor.accountId, label: "Test key" });
}

async function sellerStatement(actor: Actor) {
  await letSell(actor.accountId, "a".repeat(64));
  const at = await currentTime();
  return statementBytes(
    evaluationStatement({
      modelDigest: "a".repeat(64),
      evaluator: { role: "seller", account: actor.accountId },
      grade: "seller_signed",
      dataSet: {
        name: "x",
        rowsSha256: "b".repeat(64),
        use: "attestation",
        observedFrom: null,
        observedTo: null,
      },
      summary: summariseEvaluation(rowsOf(100), slices, 0.8),
      runtime: null,
      startedAt: null,
      finishedAt: at,
    }),
  );
}

async function draftWithFiles(seller: Actor) {
  const { draftId } = await inTransaction((tx) => createDraft(tx, seller, { fields: emptyDraft }));
  const model = await storeFile(seller, Readable.from([Buffer.from(randomUUID())]), { name: "model.txt" });
  await db.draftFile.create({
    data: { draftId, storedFileId: model.id, path: "model.txt", part: "weights" },
  });
  const rows = await storeFile(seller, Readable.from([Buffer.from(csv(190))]), { name: "rows.csv" });
  const { evaluationId } = await addEvaluationToDraft(seller, {
    draftId,
    storedFileId: rows.id,
    fileName: "rows.csv",
    dataSetName: "My own rows",
    declaredLevel: "0.80",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
  });
  return { draftId, rowsFileId: rows.id, evaluationId };
}

function brought(slug: string, right: number) {
  return {
    slug,
    dataSetName: "Fresh rows",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
    file: new File([csv(right)], "rows.csv"),
  };
}

const refusal = (code: string) => expect.objectContaining({ code });

test("a run made here is counted, signed by the platform and becomes the listing's standing", async () => {
  const listing = await listed(await person());
  await inTransaction(async (tx) => recordPlatformEvaluation(tx, await runOf(listing)));
  const [evaluation] = await listListingEvaluations(listing.listingId);
  const row = await db.listing.findUniqueOrThrow({ where: { id: listing.listingId } });
  expect(row).toMatchObject({ evidenceGrade: "platform_measured", evaluatedRows: 200 });
  expect(row.costPer1kCorrectMilli).not.toBeNull();
  expect(evaluation).toMatchObject({
    grade: "platform_measured",
    isStale: false,
    signer: { name: "Offcut" },
  });
  const kept = await findEnvelope(evaluation!.envelope.sha256);
  if (kept?.state !== "kept") throw new Error("The envelope is kept.");
  const check = await verifyEnvelope(kept.body, {
    trustedKeys: [decodeBase64(evaluation!.envelope.keySpkiBase64)!],
    envelopeSha256: evaluation!.envelope.sha256,
    subjectSha256: listing.modelDigest,
  });
  expect(check).toMatchObject({ state: "verified", payloadSha256: evaluation!.envelope.payloadSha256 });
  expect(await listEnvelopesOfListing(listing.listingId)).toHaveLength(1);
});

test("a run of other files than the ones listed is refused", async () => {
  const listing = await listed(await person());
  const run = { ...(await runOf(listing)), modelDigest: "c".repeat(64) };
  await expect(inTransaction((tx) => recordPlatformEvaluation(tx, run))).rejects.toThrow(
    refusal("other_files"),
  );
  expect(await listListingEvaluations(listing.listingId)).toEqual([]);
});

test("an envelope whose statement was changed is refused and leaves nothing", async () => {
  const actor = await person();
  const text = await signWith(await heldKeyOf(actor), await sellerStatement(actor));
  const envelope = readEnvelope(text)!;
  const changed = new TextDecoder().decode(decodeBase64(envelope.payload)!).replace('"k":100', '"k":199');
  const tampered = canonicalJson({ ...envelope, payload: encodeBase64(new TextEncoder().encode(changed)) });
  await expect(inTransaction((tx) => recordEnvelope(tx, tampered))).rejects.toThrow(
    refusal("envelope_refused"),
  );
  expect(await db.envelope.count({ where: { signerId: actor.accountId } })).toBe(0);
});

test("a revoked key signs nothing more, and what it signed before stays", async () => {
  const actor = await person();
  const key = await heldKeyOf(actor);
  const before = await signWith(key, await sellerStatement(actor));
  const recorded = await inTransaction((tx) => recordEnvelope(tx, before));
  await db.signingKey.update({ where: { id: key.keyId }, data: { revokedAt: await currentTime() } });
  const after = await signWith(key, await sellerStatement(actor));
  await expect(inTransaction((tx) => recordEnvelope(tx, after))).rejects.toThrow(refusal("key_not_in_force"));
  expect(await findEnvelope(recorded.sha256)).not.toBeNull();
});

test("a key that is not in force yet, or not listed here, signs nothing", async () => {
  const actor = await person();
  const key = await heldKeyOf(actor);
  const text = await signWith(key, await sellerStatement(actor));
  const tomorrow = new Date((await currentTime()).getTime() + 86_400_000);
  await db.signingKey.update({ where: { id: key.keyId }, data: { effectiveAt: tomorrow } });
  await expect(inTransaction((tx) => recordEnvelope(tx, text))).rejects.toThrow(refusal("key_not_in_force"));
  await db.signingKey.delete({ where: { id: key.keyId } });
  await expect(inTransaction((tx) => recordEnvelope(tx, text))).rejects.toThrow(refusal("key_unknown"));
});

test("nobody signs what another account says, and the platform says nothing for an account unasked", async () => {
  const [speaker, other] = [await person(), await person()];
  const bytes = await sellerStatement(speaker);
  const foreign = await signWith(await heldKeyOf(other), bytes);
  await expect(inTransaction((tx) => recordEnvelope(tx, foreign))).rejects.toThrow(refusal("signer_may_not"));
  const platform = await signAsPlatform(bytes);
  await expect(inTransaction((tx) => recordEnvelope(tx, platform))).rejects.toThrow(
    refusal("signer_may_not"),
  );
});

test("the same envelope recorded eight times at once is kept once", async () => {
  const actor = await person();
  const text = await signWith(await heldKeyOf(actor), await sellerStatement(actor));
  const recorded = await Promise.all(
    Array.from({ length: 8 }, () => inTransaction((tx) => recordEnvelope(tx, text))),
  );
  expect(new Set(recorded.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(await db.envelope.count({ where: { signerId: actor.accountId } })).toBe(1);
});

test("the database refuses to change or delete an envelope and what was measured", async () => {
  const listing = await listed(await person());
  const id = await inTransaction(async (tx) => recordPlatformEvaluation(tx, await runOf(listing)));
  const { envelopeSha256 } = await db.evaluation.findUniqueOrThrow({ where: { id } });
  const sha256 = envelopeSha256 ?? "";
  await expect(db.$executeRaw`UPDATE "Envelope" SET "keyId" = 'x' WHERE sha256 = ${sha256}`).rejects.toThrow(
    /append-only/,
  );
  await expect(db.$executeRaw`DELETE FROM "Envelope" WHERE sha256 = ${sha256}`).rejects.toThrow(
    /append-only/,
  );
  await expect(db.$executeRaw`UPDATE "Evaluation" SET n = 999 WHERE id = ${id}`).rejects.toThrow(
    /append-only/,
  );
  await expect(
    db.$executeRaw`UPDATE "Evaluation" SET "envelopeSha256" = NULL WHERE id = ${id}`,
  ).rejects.toThrow(/append-only/);
  await expect(db.$executeRaw`DELETE FROM "Evaluation" WHERE id = ${id}`).rejects.toThrow(/never deleted/);
  await expect(db.$executeRaw`TRUNCATE "Evaluation" CASCADE`).rejects.toThrow(/append-only/);
});

test("an evaluation of a draft is seen and signed by its maker alone", async () => {
  const [seller, stranger] = [await person(), await person()];
  const { draftId, rowsFileId, evaluationId } = await draftWithFiles(seller);
  expect(await listDraftEvaluations(stranger, draftId)).toEqual([]);
  expect(await findOwnEvaluation(stranger, evaluationId)).toBeNull();
  await expect(signEvaluation(stranger, { evaluationId })).rejects.toThrow(refusal("not_found"));
  await expect(removeEvaluation(stranger, { evaluationId })).rejects.toThrow(refusal("not_found"));
  const foreign = {
    storedFileId: rowsFileId,
    fileName: "r.csv",
    dataSetName: "Theirs",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
  };
  const own = await inTransaction((tx) => createDraft(tx, stranger, { fields: emptyDraft }));
  for (const target of [draftId, own.draftId]) {
    await expect(
      addEvaluationToDraft(stranger, { ...foreign, draftId: target, declaredLevel: "0.80" }),
    ).rejects.toThrow(refusal("not_found"));
  }
});

test("its maker signs the exact bytes shown, with a key of their own", async () => {
  const seller = await person();
  const { evaluationId } = await draftWithFiles(seller);
  const own = await findOwnEvaluation(seller, evaluationId);
  if (own?.toSign.state !== "to_sign") throw new Error("There is something to sign.");
  const key = await heldKeyOf(seller);
  const other = await signWith(key, await sellerStatement(seller));
  await expect(signEvaluation(seller, { evaluationId, envelope: other })).rejects.toThrow(
    refusal("signed_something_else"),
  );
  const envelope = await signWith(key, decodeBase64(own.toSign.statementBase64)!);
  await signEvaluation(seller, { evaluationId, envelope });
  expect((await findOwnEvaluation(seller, evaluationId))?.toSign.state).toBe("signed");
  await expect(removeEvaluation(seller, { evaluationId })).rejects.toThrow(refusal("evaluation_signed"));
});

test("a signature is asked for again when the draft's files change after it", async () => {
  const seller = await person();
  const { draftId, evaluationId } = await draftWithFiles(seller);
  await signEvaluation(seller, { evaluationId });
  const more = await storeFile(seller, Readable.from([Buffer.from("more")]), { name: "more.txt" });
  await db.draftFile.create({ data: { draftId, storedFileId: more.id, path: "more.txt", part: "weights" } });
  expect((await findOwnEvaluation(seller, evaluationId))?.toSign).toMatchObject({
    state: "to_sign",
    isAgain: true,
  });
});

test("an independent run stays unseen until it is signed, then raises an unproven listing", async () => {
  const [seller, evaluator] = [await person(), await person(["evaluator"])];
  const listing = await listed(seller);
  const { redirectTo } = await submitEvaluation(evaluator, brought(listing.slug, 190));
  const evaluationId = redirectTo.split("/").at(-1) ?? "";
  expect(await listListingEvaluations(listing.listingId)).toEqual([]);
  await signEvaluation(evaluator, { evaluationId });
  const [evaluation] = await listListingEvaluations(listing.listingId);
  expect(evaluation).toMatchObject({ grade: "third_party", signer: { agreedInSession: true } });
  const row = await db.listing.findUniqueOrThrow({ where: { id: listing.listingId } });
  expect(row.evidenceGrade).toBe("third_party");
});

test("a listing reads reproduced when an unlinked run agrees, and does not when it differs", async () => {
  for (const [right, grade] of [
    [188, "reproduced"],
    [120, "platform_measured"],
  ] as const) {
    const evaluator = await person(["evaluator"]);
    const listing = await listed(await person());
    await inTransaction(async (tx) => recordPlatformEvaluation(tx, await runOf(listing)));
    const { redirectTo } = await submitEvaluation(evaluator, brought(listing.slug, right));
    await signEvaluation(evaluator, { evaluationId: redirectTo.split("/").at(-1) ?? "" });
    const row = await db.listing.findUniqueOrThrow({ where: { id: listing.listingId } });
    expect(row.evidenceGrade).toBe(grade);
  }
});

test("no third-party evidence comes from the seller, from who shares in it, or from who is no evaluator", async () => {
  const seller = await person(["evaluator"]);
  const sharer = await person(["evaluator"]);
  const listing = await listed(seller);
  await db.contributorShare.create({
    data: {
      listingId: listing.listingId,
      accountId: sharer.accountId,
      name: "Sharer",
      contribution: "",
      shareBasisPoints: 10_000,
    },
  });
  for (const linked of [seller, sharer]) {
    await expect(submitEvaluation(linked, brought(listing.slug, 190))).rejects.toThrow(
      refusal("not_independent"),
    );
  }
  await expect(submitEvaluation(await person(), brought(listing.slug, 190))).rejects.toThrow(
    refusal("not_found"),
  );
});

test("the seller answers evidence once; nobody else can, and the evidence stays", async () => {
  const seller = await person();
  const listing = await listed(seller);
  const evaluationId = await inTransaction(async (tx) =>
    recordPlatformEvaluation(tx, await runOf(listing, 60)),
  );
  const answer = { evaluationId, body: "These rows are not what it is for." };
  await expect(replyToEvaluation(await person(), answer)).rejects.toThrow(refusal("not_found"));
  const outcomes = await Promise.allSettled([
    replyToEvaluation(seller, answer),
    replyToEvaluation(seller, answer),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const [evaluation] = await listListingEvaluations(listing.listingId);
  expect(evaluation?.answer?.body).toBe(answer.body);
});
