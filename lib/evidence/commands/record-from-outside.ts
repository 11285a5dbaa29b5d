import "server-only";
import { type SigningKeyView, findSigningKey } from "@/lib/accounts/queries/accounts";
import { listSigners, lockSigners } from "@/lib/accounts/records/signers";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { inGroups } from "@/lib/shared/in-groups";
import { toHex } from "@/lib/shared/encoding";
import { withdrawnEnvelopeOf } from "@/lib/statements/kinds";
import { type Leaf, makeLeaf } from "@/lib/log/leaf-body";
import { kindsFromOutside, requireAcceptedFromOutside } from "../outside-policy";
import { requireSpeakersKey } from "../signer-policy";
import type { Statement } from "@/lib/statements/statement";
import { requireSignedBytes, requireStatement } from "../signed-statement";
import { applyWithdrawal } from "./apply-withdrawal";
import { readOneSigner } from "./read-one-signer";
import { recordEnvelope } from "./record-envelope";
import { type Recorded, findSameStatements, recordTogether } from "./record-together";

/** Address and leaf hash of a recorded envelope, both in hex. */
export type HandedIn = { envelope: string; leafHash: string };

/** An envelope whose signature holds, by a key whose account it speaks for. */
export type Submission = {
  /** In the one spelling of base64 and JSON. */
  body: string;
  keyId: string;
  /** Standard base64. */
  payload: string;
  statement: Statement;
  signerId: string;
  leaf: Leaf;
};

/**
 * Records an envelope from somebody outside and hands it to the log, durably when it returns. Asks all that
 * `recordEnvelope` and `requireAcceptedFromOutside` ask. The same statement by the same key is entered once, whatever
 * its signature looks like; then the first answer is given again, also after the key was revoked.
 *
 * Those that come at the same time share one transaction, because what a submission costs is mostly the wait for the
 * disk: each is still accepted or refused by itself. `onSigned` runs once the signature holds, before what was signed is read, and may
 * refuse.
 */
export async function recordFromOutside(
  text: string,
  onSigned: (signed: { keyId: string; bytes: number }) => Promise<void> = async () => {},
): Promise<HandedIn> {
  const signed = await readSigned(text);
  // First of all, so that what was taken before costs nobody's allowance, whoever hands it in again.
  const before = await findBefore(signed);
  if (before instanceof DomainError) throw before;
  if (before) return before;
  await onSigned({ keyId: signed.keyId, bytes: signed.bytes.length });
  const submission = readSubmission(signed);
  // What takes something back changes more than the log, and is rare.
  const isAlone = withdrawnEnvelopeOf(submission.statement) !== null;
  const outcome = isAlone ? "alone" : await recordWithOthers(submission);
  if (outcome instanceof DomainError) throw outcome;
  return outcome === "alone" ? recordInTurn(submission) : outcome;
}

const MAX_GROUP = 64;

const findBefore = inGroups(MAX_GROUP, (submissions: readonly Signed[]) =>
  findSameStatements(db, submissions),
);

/** One transaction for all; when it fails as a whole, each goes alone and learns its own reason. */
const recordWithOthers = inGroups(MAX_GROUP, (submissions: readonly Submission[]): Promise<Recorded[]> =>
  inTransaction((tx) => recordTogether(tx, submissions)).catch(() => submissions.map(() => "alone")),
);

/** One at a time, so that a crowd of them leaves connections for everybody else. */
const recordInTurn = inGroups(1, (submissions: readonly Submission[]) =>
  Promise.all(submissions.map(recordAlone)),
);

async function recordAlone(submission: Submission): Promise<HandedIn> {
  const { body, keyId, leaf } = submission;
  return inTransaction(async (tx) => {
    await lockSigners(tx, [keyId]);
    const [same] = await findSameStatements(tx, [submission]);
    if (same instanceof DomainError) throw same;
    if (same) return same;
    await requireMayBeTakenBack(tx, withdrawnEnvelopeOf(submission.statement));
    const [signer] = await listSigners(tx, [keyId]);
    refuseUnless(signer, "key_unknown", "The key that signed this is not listed here.");
    requireAcceptedFromOutside(submission.statement, signer);
    const recorded = await recordEnvelope(tx, body);
    await applyWithdrawal(tx, recorded);
    return { envelope: recorded.sha256, leafHash: toHex(leaf.hash) };
  });
}

/**
 * Refuses to take back from outside what a page would go on showing as it stands: steps of deals and whatever else is
 * not made this way (`predicate_not_accepted`), and claims and answers of a listing (`withdrawn_elsewhere`), which are
 * taken back where they were made.
 */
async function requireMayBeTakenBack(tx: Tx, envelopeSha256: string | null): Promise<void> {
  if (envelopeSha256 === null) return;
  const where = { envelopeSha256 };
  const row = await tx.envelope.findUnique({
    where: { sha256: envelopeSha256 },
    select: { predicateType: true },
  });
  refuseUnless(
    !row || kindsFromOutside.some(({ predicateType }) => predicateType === row.predicateType),
    "predicate_not_accepted",
    "Statements of this kind are not taken back from outside.",
  );
  refuseUnless(
    (await tx.claimEnvelope.count({ where })) + (await tx.evaluationAnswer.count({ where })) === 0,
    "withdrawn_elsewhere",
    "This stands on a listing: change the listing, or your answer there, to take it back.",
  );
}

type Signed = Omit<Submission, "statement"> & { key: KeyFacts; bytes: Uint8Array };

/** Verifies the signature; nothing of the database but the key is needed for it. */
async function readSigned(text: string): Promise<Signed> {
  const { body, keyId, payload } = readOneSigner(text);
  const key = await findKeyFacts(keyId);
  refuseUnless(key, "key_unknown", "The key that signed this is not listed here.");
  refuseUnless(key.accountId !== null, "signer_may_not", "The platform hands nothing in from outside.");
  const bytes = await requireSignedBytes(body, key.spki);
  const leaf = makeLeaf(body, key.spki);
  return { body, keyId, payload, leaf, signerId: key.accountId, key, bytes };
}

function readSubmission({ key, bytes, ...signed }: Signed): Submission {
  const statement = requireStatement(bytes);
  requireSpeakersKey(statement, key);
  return { ...signed, statement };
}

/** What of a key never changes. Whether it is in force is asked under its lock. */
type KeyFacts = Pick<SigningKeyView, "spki" | "accountId" | "kind">;

const MAX_KNOWN_KEYS = 2_000;
const knownKeys = new Map<string, KeyFacts>();

async function findKeyFacts(keyId: string): Promise<KeyFacts | null> {
  const known = knownKeys.get(keyId);
  if (known) return known;
  const key = await findSigningKey(keyId);
  if (!key) return null;
  if (knownKeys.size >= MAX_KNOWN_KEYS) knownKeys.clear();
  const { spki, accountId, kind } = key;
  knownKeys.set(keyId, { spki, accountId, kind });
  return key;
}
