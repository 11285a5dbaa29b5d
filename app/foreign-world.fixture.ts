import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { addApp } from "@/lib/accounts/factor.fixture";
import { acceptDelivery } from "@/lib/deals/commands/accept-delivery";
import { makeAccount, makeListing, negotiatedDeal, offerForm, pay } from "@/lib/deals/deal.fixture";
import { makeOffer } from "@/lib/deals/commands/make-offer";
import { fileAppeal } from "@/lib/disputes/commands/appeal";
import { openDispute } from "@/lib/disputes/commands/dispute";
import { fileReport } from "@/lib/disputes/commands/report";
import { sanctionListing } from "@/lib/disputes/commands/sanction";
import { insertRun } from "@/lib/inference/records/evaluation-runs";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { restateClaims } from "@/lib/evidence/commands/restate-claims";
import { db, inTransaction } from "@/lib/platform/db";
import { importFileIntoDraft } from "@/lib/selling/commands/import-file";
import { importFileInput } from "@/lib/selling/schemas";

const REASON = "A reason that is long enough.";

/** Things that belong to somebody else, made by the real commands; a stranger must not learn that they exist. */
export type ForeignWorld = Awaited<ReturnType<typeof makeForeignWorld>>;

export async function makeForeignWorld() {
  const moderator = await makeAccount(["moderator"]);
  const delivered = await negotiatedDeal();
  await pay(delivered);
  const disputed = await negotiatedDeal();
  await pay(disputed);
  await acceptDelivery(disputed.buyer, { dealId: disputed.dealId });
  await openDispute(disputed.buyer, { dealId: disputed.dealId, reason: "other", statement: REASON });
  const { seller, buyer, listingId } = delivered;
  const offered = offerForm(listingId);
  await makeOffer(buyer, offered);

  const listing = await db.listing.findUniqueOrThrow({ where: { id: listingId } });
  await inTransaction((tx) => restateClaims(tx, listingId, { method: "session", session: "test" }));
  const claim = await db.claim.findFirstOrThrow({ where: { listingId } });
  const [licence, dispute, contract, delivery] = await Promise.all([
    db.licence.findUniqueOrThrow({ where: { dealId: disputed.dealId } }),
    db.dispute.findFirstOrThrow({ where: { dealId: disputed.dealId } }),
    db.contract.findUniqueOrThrow({ where: { dealId: delivered.dealId } }),
    db.delivery.findFirstOrThrow({ where: { dealId: delivered.dealId } }),
  ]);
  const [file] = delivery.files as { storedFileId: string }[];
  return {
    listingId,
    claimId: claim.id,
    slug: listing.slug,
    dealId: delivered.dealId,
    offeredDealId: offered.dealId,
    disputedDealId: disputed.dealId,
    disputeId: dispute.id,
    licenceId: licence.id,
    termsSha256: contract.termsSha256,
    storedFileId: file?.storedFileId ?? "",
    sellerAccountId: seller.accountId,
    sellerHandle: seller.handle,
    ...(await makeDraft(seller)),
    runId: await makeRun(buyer, listing),
    ...(await makeModeration(seller, moderator)),
    ...(await makeSignIn(seller, buyer)),
  };
}

async function makeRun(buyer: Actor, listing: { id: string; versionId: string }): Promise<string> {
  const hex = () => randomBytes(32).toString("hex");
  return inTransaction((tx) =>
    insertRun(tx, {
      ...{ askedById: buyer.accountId, rowsFrom: "buyer", rowsLicence: null, readAs: {} },
      ...{ listingId: listing.id, versionId: listing.versionId, modelDigest: hex(), contractSha256: hex() },
      ...{ dataSetName: "A secret set of rows", rowsFileId: hex(), rowsFileName: "secret.csv" },
      ...{ rowsFileSha256: hex(), salt: hex() },
    }),
  );
}

async function makeDraft(seller: Actor) {
  const stored = await db.storedFile.findFirstOrThrow({ where: { ownerId: seller.accountId } });
  const { id: draftId } = await db.listingDraft.create({
    data: { ownerId: seller.accountId, fields: { title: "A secret draft" } },
  });
  const { id: draftFileId } = await db.draftFile.create({
    data: { draftId, storedFileId: stored.id, path: "model.onnx" },
  });
  const rows = [{ label: "a", prediction: "a" }];
  const { id: evaluationId } = await db.evaluation.create({
    data: {
      draftId,
      dataSetName: "A secret data set",
      rowsDigest: randomBytes(32).toString("hex"),
      grade: "seller_signed",
      role: "seller",
      relation: "first_party",
      binding: { kind: "answers_only", reason: "Made for a test." },
      n: 1,
      declaredLevel: 0.9,
      summary: summariseEvaluation(rows, [], 0.9),
      evaluatorId: seller.accountId,
      finishedAt: new Date(),
    },
  });
  const card = Readable.from(["---\nlicense: mit\n---\nA secret card\n"]);
  const input = importFileInput.parse({ fileName: "README.md" });
  await importFileIntoDraft(seller, draftId, card, input);
  const { id: draftImportId } = await db.draftImport.findFirstOrThrow({ where: { draftId } });
  const { id: readingId } = await db.fileReading.create({
    data: { accountId: seller.accountId, fileName: "secret rows.csv", startedAt: new Date() },
  });
  return { draftId, draftFileId, draftEvaluationId: evaluationId, draftImportId, readingId };
}

async function makeModeration(seller: Actor, moderator: Actor) {
  const frozenId = await makeListing(seller);
  await sanctionListing(moderator, { listingId: frozenId, kind: "freeze", reason: REASON });
  const sanction = await db.sanction.findFirstOrThrow({ where: { subjectId: frozenId } });
  await fileAppeal(seller, { sanctionId: sanction.id, body: REASON });
  const appeal = await db.appeal.findUniqueOrThrow({ where: { sanctionId: sanction.id } });
  await fileReport(null, { about: "/glossary", reason: "other", body: REASON }, { ip: null });
  const report = await db.report.findFirstOrThrow();
  return { sanctionId: sanction.id, appealId: appeal.id, reportId: report.id, reportedId: report.subjectId };
}

async function makeSignIn(seller: Actor, buyer: Actor) {
  const { id: sessionId } = await db.session.create({
    data: { accountId: seller.accountId, expiresAt: new Date(Date.now() + 86_400_000) },
  });
  const keyId = randomBytes(32).toString("hex");
  await db.signingKey.create({
    data: {
      id: keyId,
      accountId: seller.accountId,
      kind: "device",
      label: "A secret laptop",
      spki: randomBytes(91),
      enrolledBy: "first_key",
      effectiveAt: new Date(),
    },
  });
  const { id: factorId } = await addApp(seller.accountId);
  const { id: removalId } = await db.factorRemoval.create({
    data: {
      accountId: seller.accountId,
      reason: "A secret reason",
      askedById: buyer.accountId,
      askedAt: new Date(0),
    },
  });
  return { sessionId, keyId, factorId, removalId };
}
