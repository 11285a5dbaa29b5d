import { randomUUID } from "node:crypto";
import type { ForeignWorld } from "./foreign-world.fixture";

/** What somebody without a part in it gets. "shown" pages are searched for anything of the foreign world. */
type Answer = "not_found" | "sign_in" | "sent_on" | "shown";

type PageRule = {
  params?: (world: ForeignWorld) => Record<string, string>;
  search?: Record<string, string>;
  stranger: Answer;
  anonymous: Answer;
  /** Public pages may show what is public of the world. */
  isPublic?: boolean;
};

const publicPage: PageRule = { stranger: "shown", anonymous: "shown", isPublic: true };
/** Whoever is signed in is sent on. */
const signedOut: PageRule = { ...publicPage, stranger: "sent_on" };
const ownThings: PageRule = { stranger: "shown", anonymous: "sign_in" };
const foreign = (params: PageRule["params"]): PageRule => ({
  params,
  stranger: "not_found",
  anonymous: "sign_in",
});
const staff: PageRule = { stranger: "not_found", anonymous: "sign_in" };

export const pageRules: Record<string, PageRule> = {
  "(accounts)/account": ownThings,
  "(accounts)/account/second-step/[factorId]": foreign((world) => ({ factorId: world.factorId })),
  "(accounts)/account/second-step/app": ownThings,
  "(accounts)/account/second-step/app/confirm": ownThings,
  "(accounts)/account/second-step/codes": ownThings,
  "(accounts)/account/second-step/passkey": ownThings,
  "(accounts)/confirm-address": publicPage,
  "(accounts)/forgot-password": publicPage,
  "(accounts)/forgot-password/sent": publicPage,
  "(accounts)/mailbox": publicPage,
  "(accounts)/people/[handle]": { ...publicPage, params: (world) => ({ handle: world.sellerHandle }) },
  "(accounts)/reset-password": publicPage,
  "(accounts)/sign-in": signedOut,
  // Leads back to the sign-in page where no sign-in has begun.
  "(accounts)/sign-in/second-step": { stranger: "sign_in", anonymous: "sign_in" },
  "(accounts)/sign-up": signedOut,
  "(accounts)/sign-up/sent": publicPage,
  "(catalogue)": publicPage,
  "(catalogue)/compare": publicPage,
  "(catalogue)/evaluations/[evaluationId]": {
    params: (world) => ({ evaluationId: world.draftEvaluationId }),
    stranger: "not_found",
    anonymous: "not_found",
  },
  "(catalogue)/glossary": publicPage,
  "(catalogue)/listings/[slug]": { ...publicPage, params: (world) => ({ slug: world.slug }) },
  "(catalogue)/listings/[slug]/evaluate": foreign((world) => ({ slug: world.slug })),
  "(catalogue)/listings/[slug]/statements": { ...publicPage, params: (world) => ({ slug: world.slug }) },
  "(catalogue)/listings/[slug]/standing-offer": {
    ...foreign((world) => ({ slug: world.slug })),
    search: { part: "weights" },
  },
  "(catalogue)/listings/[slug]/try": { ...publicPage, params: (world) => ({ slug: world.slug }) },
  "(catalogue)/watched": ownThings,
  "(operations)/appeals/[sanctionId]": {
    params: (world) => ({ sanctionId: world.sanctionId }),
    stranger: "not_found",
    anonymous: "not_found",
  },
  "(operations)/moderation": staff,
  "(operations)/moderation/accounts": staff,
  "(operations)/moderation/audit": staff,
  "(operations)/moderation/cases/[disputeId]": foreign((world) => ({ disputeId: world.disputeId })),
  "(operations)/moderation/reported/[subjectId]": foreign((world) => ({ subjectId: world.reportedId })),
  "(operations)/moderation/reports/[reportId]": foreign((world) => ({ reportId: world.reportId })),
  "(operations)/report": publicPage,
  "(workspace)/sell/readings/[readingId]": foreign((world) => ({ readingId: world.readingId })),
  "(workspace)/runs": ownThings,
  "(workspace)/runs/[runId]": foreign((world) => ({ runId: world.runId })),
  "(workspace)/deals": ownThings,
  "(workspace)/deals/[dealId]": foreign((world) => ({ dealId: world.dealId })),
  "(workspace)/deals/[dealId]/dispute": foreign((world) => ({ dealId: world.disputedDealId })),
  "(workspace)/deals/payments": staff,
  "(workspace)/deals/payments/received": staff,
  "(workspace)/deals/payments/statements/[draftId]": {
    ...staff,
    params: () => ({ draftId: randomUUID() }),
  },
  "(workspace)/deals/statement": ownThings,
  "(workspace)/licences": ownThings,
  "(catalogue)/listings/[slug]/license": {
    ...ownThings,
    params: (world) => ({ slug: world.slug }),
    search: { part: "weights" },
    isPublic: true,
  },
  "(catalogue)/listings/[slug]/measure": {
    ...ownThings,
    params: (world) => ({ slug: world.slug }),
    isPublic: true,
  },
  "(catalogue)/listings/[slug]/offer": {
    ...ownThings,
    params: (world) => ({ slug: world.slug }),
    search: { part: "weights" },
    isPublic: true,
  },
  log: publicPage,
  "log/entries/[index]": {
    params: () => ({ index: "0" }),
    // No sequencer has begun the log of this test.
    stranger: "not_found",
    anonymous: "not_found",
  },
  verify: publicPage,
  "(workspace)/contributions": ownThings,
  "(workspace)/sell/claims/[slug]": foreign((world) => ({ slug: world.slug })),
  "(workspace)/sell": { ...ownThings, anonymous: "shown" },
  "(workspace)/sell/[draftId]": foreign((world) => ({ draftId: world.draftId })),
  "(workspace)/sell/[draftId]/preview": foreign((world) => ({ draftId: world.draftId })),
};

type RouteRule = {
  params?: (world: ForeignWorld) => Record<string, string>;
  search?: (world: ForeignWorld) => Record<string, string>;
  /** Status for a stranger; for people not signed in a second one where it differs. */
  stranger: number;
  anonymous?: number;
};

const open = (status = 200): RouteRule => ({ stranger: status });
const hidden = (params: RouteRule["params"]): RouteRule => ({ params, stranger: 404 });

/** Method and folder of every route handler. */
export const routeRules: Record<string, RouteRule> = {
  "GET (catalogue)/compare/csv": open(404),
  "GET (catalogue)/listings/[slug]/passport.cdx.json": {
    ...open(),
    params: (world) => ({ slug: world.slug }),
  },
  "GET (catalogue)/listings/[slug]/passport.dsse.json": {
    ...open(),
    params: (world) => ({ slug: world.slug }),
  },
  "GET (workspace)/deals/[dealId]/contract": hidden((world) => ({ dealId: world.dealId })),
  "GET (workspace)/deals/[dealId]/files/[fileId]": hidden((world) => ({
    dealId: world.dealId,
    fileId: world.storedFileId,
  })),
  "GET (workspace)/deals/[dealId]/proof": hidden((world) => ({ dealId: world.dealId })),
  "GET (workspace)/licences/[licenceId]/odrl": hidden((world) => ({ licenceId: world.licenceId })),
  "GET api/health": open(),
  "GET api/live/deals/[dealId]": hidden((world) => ({ dealId: world.dealId })),
  "GET api/live/runs/[runId]": hidden((world) => ({ runId: world.runId })),
  "GET api/ready": open(),
  "POST api/uploads": {
    search: (world) => ({ draft: world.draftId, name: "a.onnx" }),
    stranger: 404,
    anonymous: 401,
  },
  // Sent back to the draft's page, which answers 404.
  "POST api/uploads/evaluations": { search: (world) => ({ draft: world.draftId }), stranger: 303 },
  "POST api/uploads/imports": { search: (world) => ({ draft: world.draftId }), stranger: 303 },
  // A form that is none is told so; an open listing is public.
  "POST api/uploads/runs": { search: (world) => ({ listing: world.slug }), stranger: 400, anonymous: 401 },
  // A body that is no JSON is refused before anybody is asked who sends it: the signature is the authorisation.
  "POST api/v1/envelopes": open(415),
  "GET api/v1/envelopes/[sha256]": hidden(() => ({ sha256: "0".repeat(64) })),
  "GET api/v1/evaluations/[evaluationId]/slices": hidden((world) => ({
    evaluationId: world.draftEvaluationId,
  })),
  "GET api/v1/files/[sha256]": { ...open(), params: () => ({ sha256: "0".repeat(64) }) },
  "GET api/v1/keys/[keyId]": hidden(() => ({ keyId: "0".repeat(64) })),
  "GET api/v1/listings": open(),
  "GET api/v1/listings/[slug]": { ...open(), params: (world) => ({ slug: world.slug }) },
  "GET api/v1/listings/[slug]/attestations": { ...open(), params: (world) => ({ slug: world.slug }) },
  // Anybody may try what is listed; a body that is no JSON is refused first.
  "POST api/v1/listings/[slug]/try": { ...open(400), params: (world) => ({ slug: world.slug }) },
  "GET api/v1/models/[modelDigest]/statements": {
    ...open(),
    params: () => ({ modelDigest: "0".repeat(64) }),
  },
  "GET api/v1/contracts/[sha256]/[name]": hidden(() => ({ sha256: "0".repeat(64), name: "run.ts" })),
  "GET api/v1/manifests/[modelDigest]": hidden(() => ({ modelDigest: "0".repeat(64) })),
  "GET log/1/bundle/[leafHash]": hidden(() => ({ leafHash: "0".repeat(64) })),
  // No sequencer has begun the log of this test.
  "GET log/1/checkpoint": open(404),
  "GET log/1/envelope/[sha256]": hidden(() => ({ sha256: "0".repeat(64) })),
  "GET log/1/policy": open(404),
  "GET log/1/proof/[leafHash]": hidden(() => ({ leafHash: "0".repeat(64) })),
  "GET log/1/speaker/[leafHash]": hidden(() => ({ leafHash: "0".repeat(64) })),
  "GET log/1/tile/[...path]": hidden(() => ({ path: ["0", "000"] as never })),
  "GET log/1/trusted_root.json": open(404),
  "GET log/1/vkey": open(404),
  "GET predicates/[name]/v1": { ...open(), params: () => ({ name: "evaluation" }) },
};

/** Handlers made by next-auth: their own tests check them. */
export const routesOfLibraries = ["api/auth/[...nextauth]"];

/** Actions of people who need not be signed in, and what makes each happen once without a key. */
export const actionsWithoutKey: Record<string, string> = {
  "accounts.signIn": "a browser has one session: a new one ends the one before",
  "accounts.signOut": "an ended session stays ended",
  "accounts.signUp": "an address has one account",
  "accounts.confirmAddress": "the mailed token works once",
  "accounts.requestPasswordReset": "changes nothing but what was mailed, six an hour for an address",
  "accounts.resetPassword": "the mailed token works once",
  "accounts.finishSecondStep": "a code works once, and ends the sign-in it was for",
  "accounts.offerSignInPasskey": "a browser has one sign-in begun, and a challenge works once",
  "accounts.signInByPasskey": "a challenge works once",
  "evidence.tryListing": "changes nothing",
  "disputes.fileReport": "open reports of one thing are one case",
  "disputes.fileAppeal": "a decision is appealed once",
};

type Fields = Record<string, string>;
/** The fields of a form about somebody else's thing, or why there is nothing foreign in it. */
type ActionRule = ((world: ForeignWorld) => Fields) | { nothingForeign: string };

const reason = "A reason that is long enough.";
const terms = {
  price: "100",
  termMonths: "12",
  useCommercially: "yes",
  modify: "no",
  redistribute: "no",
  sublicense: "no",
};
const mine = (nothingForeign: string): ActionRule => ({ nothingForeign });

/** Domain, and name of every action. */
export const actionRules: Record<string, ActionRule> = {
  "accounts.signIn": mine("credentials are the right"),
  "accounts.finishSecondStep": mine("the sign-in that this browser has begun is the right"),
  "accounts.offerSignInPasskey": mine("asks for what the same browser then proves"),
  "accounts.signInByPasskey": mine("the passkey is the right"),
  "accounts.signOut": mine("ends the session of the request"),
  "accounts.signUp": mine("makes an account"),
  "accounts.confirmAddress": mine("the mailed token is the right"),
  "accounts.sendConfirmation": mine("mails the own address"),
  "accounts.requestPasswordReset": mine("answers the same for every address"),
  "accounts.resetPassword": mine("the mailed token is the right"),
  "accounts.changePassword": mine("changes the own password"),
  "accounts.offerPasskey": mine("asks for an own passkey"),
  "accounts.offerEnrolment": mine("asks for a new passkey of the own account"),
  "accounts.addPasskey": mine("adds an own factor"),
  "accounts.startApp": mine("adds an own factor"),
  "accounts.confirmApp": mine("confirms an own factor"),
  "accounts.renameFactor": (world) => ({ factorId: world.factorId, label: "Mine" }),
  "accounts.removeFactor": (world) => ({ factorId: world.factorId, password: "any" }),
  "accounts.replaceRecoveryCodes": mine("replaces own codes"),
  "accounts.askFactorRemoval": (world) => ({ handle: world.sellerHandle, reason }),
  "accounts.removeLostFactors": (world) => ({ removalId: world.removalId }),
  "accounts.stopFactorRemoval": (world) => ({ removalId: world.removalId }),
  "accounts.changeProfile": mine("changes the own profile"),
  "accounts.endSession": (world) => ({ sessionId: world.sessionId }),
  "accounts.endOtherSessions": mine("ends own sessions"),
  "accounts.enrolFirstDeviceKey": mine("enrols an own key"),
  "accounts.enrolKeyByPassword": mine("enrols an own key"),
  "accounts.enrolCommandLineKey": mine("enrols an own key"),
  "accounts.approveKey": (world) => ({ keyId: world.keyId, byKeyId: world.keyId, signature: "AAAA" }),
  "accounts.revokeKey": (world) => ({ keyId: world.keyId }),
  "evidence.tryListing": mine("anybody may try what is listed"),
  "evidence.grantRole": (world) => ({ handle: world.sellerHandle, role: "moderator", reason }),
  "evidence.revokeRole": (world) => ({ handle: world.sellerHandle, role: "moderator", reason }),

  "catalogue.watchListing": mine("an open listing is public"),
  "catalogue.unwatchListing": mine("takes a listing off the own list"),
  "catalogue.relateFiles": (world) => ({
    listingId: world.listingId,
    otherListingId: world.listingId,
    relation: "derived",
  }),
  "selling.discardDraft": (world) => ({ draftId: world.draftId }),
  "selling.restoreDraft": (world) => ({ draftId: world.draftId }),
  "selling.detachFile": (world) => ({ draftFileId: world.draftFileId }),
  "selling.assignFile": (world) => ({ draftFileId: world.draftFileId, part: "adapter" }),
  "selling.draftRun": (world) => ({ draftId: world.draftId }),
  "selling.writeRun": (world) => ({ draftId: world.draftId }),
  "selling.dryRunDraft": (world) => ({ draftId: world.draftId, rows: "one" }),
  "selling.reviseListing": (world) => ({ listingId: world.listingId }),
  "selling.pauseListing": (world) => ({ listingId: world.listingId }),
  "selling.reopenListing": (world) => ({ listingId: world.listingId }),
  "selling.retireListing": (world) => ({ listingId: world.listingId }),

  "selling.workOnDraft": (world) => ({ draftId: world.draftId, revision: "0", intent: "publish" }),
  "selling.signEvaluation": (world) => ({ evaluationId: world.draftEvaluationId }),
  "selling.judgePredictions": (world) => ({ importId: world.draftImportId }),
  "selling.removeImport": (world) => ({ importId: world.draftImportId }),
  "selling.removeEvaluation": (world) => ({ evaluationId: world.draftEvaluationId }),
  "selling.cancelRun": (world) => ({ runId: world.runId }),
  "selling.publishRun": (world) => ({ runId: world.runId }),
  "selling.submitEvaluation": mine("needs the role of evaluator, and an open listing is public"),
  "evidence.withdrawEvaluation": (world) => ({ evaluationId: world.draftEvaluationId, reason }),
  "evidence.replyToEvaluation": (world) => ({ evaluationId: world.draftEvaluationId, body: reason }),
  "evidence.signClaims": (world) => ({ listingId: world.listingId, envelopes: "[]" }),
  "evidence.takeStance": (world) => ({ claimId: world.claimId, stance: "confirmed" }),

  "deals.licenseNow": mine("an open listing is public"),
  "deals.makeOffer": mine("an open listing is public"),
  "deals.counterOffer": (world) => ({ dealId: world.offeredDealId, answers: "1", ...terms }),
  "deals.acceptOffer": (world) => ({ dealId: world.offeredDealId, answers: "1" }),
  "deals.declineOffer": (world) => ({ dealId: world.offeredDealId, answers: "1" }),
  "deals.withdraw": (world) => ({ dealId: world.offeredDealId }),
  "deals.signContract": (world) => ({ dealId: world.dealId, termsSha256: world.termsSha256, agreed: "yes" }),
  "deals.fundDeal": (world) => ({ dealId: world.dealId, amountMinor: "18000" }),
  "deals.confirmTransfer": mine("administrators only; a reference is no secret"),
  "deals.assignTransfer": () => ({ transferId: randomUUID(), reference: "OFC-2222-2222" }),
  "deals.importStatement": () => ({ draftId: randomUUID(), layout: "camt.053" }),
  "deals.deliver": (world) => ({ dealId: world.dealId, note: reason }),
  "deals.acceptDelivery": (world) => ({ dealId: world.dealId }),
  "deals.confirmDeletion": (world) => ({ dealId: world.dealId }),
  "deals.giveBack": (world) => ({ dealId: world.dealId }),
  "deals.proposeSplit": (world) => ({ dealId: world.dealId, buyerAmount: "10" }),
  "deals.acceptSplit": (world) => ({ dealId: world.dealId, proposalId: "1" }),
  "deals.sendMessage": (world) => ({ dealId: world.dealId, messageId: randomUUID(), body: reason }),
  "deals.moveDemoClock": (world) => ({ dealId: world.dealId, days: "1" }),
  "deals.signStandingOffer": (world) => ({
    listingId: world.listingId,
    part: "weights",
    salt: "0".repeat(64),
    termsSha256: world.termsSha256,
    agreed: "yes",
  }),
  "deals.withdrawStandingOffer": (world) => ({ listingId: world.listingId, part: "weights" }),

  "ledger.savePayoutDetails": mine("saves the own details"),
  "ledger.cancelPayoutDetails": mine("cancels the own change"),
  "ledger.returnTransfer": () => ({ transferId: randomUUID(), amount: "1", bankReference: "A reference" }),
  "ledger.uploadStatement": mine("administrators only; the file is their own"),
  "ledger.mapStatement": () => ({
    ...{ draftId: randomUUID(), dateForm: "yyyy-mm-dd", decimal: "." },
  }),
  "ledger.discardStatement": () => ({ draftId: randomUUID() }),
  "ledger.confirmPayout": (world) => ({
    accountId: world.sellerAccountId,
    detailsId: randomUUID(),
    amount: "1",
    bankReference: "A reference",
  }),
  "ledger.discardPayout": () => ({ payoutId: randomUUID() }),

  "disputes.fileReport": mine("anybody may report any page"),
  "disputes.resolveReport": (world) => ({ reportId: world.reportId, decision: "upheld", resolution: reason }),
  "disputes.resolveReports": (world) => ({
    subjectId: world.reportedId,
    seenUntil: "2030-01-01T00:00:00.000Z",
    decision: "upheld",
    resolution: reason,
  }),
  "disputes.sanctionListing": (world) => ({ listingId: world.listingId, kind: "freeze", reason }),
  "disputes.suspendAccount": (world) => ({ accountId: world.sellerAccountId, reason }),
  "disputes.liftSanction": (world) => ({ sanctionId: world.sanctionId, reason }),
  "disputes.fileAppeal": (world) => ({ sanctionId: world.sanctionId, body: reason }),
  "disputes.decideAppeal": (world) => ({ appealId: world.appealId, decision: "granted", rationale: reason }),
  "disputes.openDispute": (world) => ({ dealId: world.dealId, reason: "other", statement: reason }),
  "disputes.addStatement": (world) => ({ disputeId: world.disputeId, body: reason }),
  "disputes.withdrawDispute": (world) => ({ disputeId: world.disputeId }),
  "disputes.ruleDispute": (world) => ({
    disputeId: world.disputeId,
    outcome: "refund",
    buyerAmount: "",
    rationale: reason,
  }),
};
