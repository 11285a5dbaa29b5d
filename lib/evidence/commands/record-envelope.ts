import "server-only";
import { findSigningKey } from "@/lib/accounts/queries/accounts";
import { holdKey } from "@/lib/accounts/records/key-register";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import { submitEnvelope } from "./submit-envelope";
import { makeLeaf } from "@/lib/log/leaf-body";
import { mayWithdraw, subjectDigestsOf, withdrawnEnvelopeOf } from "@/lib/statements/kinds";
import { lookedUpBy } from "@/lib/statements/looked-up-by";
import { requireKeyInForce, requireSpeakersKey } from "../signer-policy";
import { type Statement, readStatement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { requirePast, requireSignedStatement } from "../signed-statement";
import { erasedError, findErased } from "./find-erased";
import { requireCapacity } from "./require-capacity";
import { readOneSigner } from "./read-one-signer";
import { logKeyEvents } from "./log-keys";

export type RecordedEnvelope = {
  /** SHA-256 of the stored text: the envelope's address. */
  sha256: string;
  statement: Statement;
  keyId: string;
  /** Null when the platform signed. */
  signerId: string | null;
};

/**
 * Keeps an envelope for ever, addressed by the SHA-256 of its canonical text; the same one twice is kept once, also
 * in a race. Before that: exactly one signature, by a key listed here and in force, over an in-toto statement of a
 * known kind that does not contradict itself and whose speaker owns the key. A statement is taken back only by who made
 * it. Whatever happened to the key, and what its account is, is entered into the log before what it signed, and it cannot be revoked until
 * this transaction ends: so the log tells by its order which signatures count.
 *
 * Throws `envelope_refused`, `key_unknown`, `key_not_in_force`, `signer_may_not`,
 * `erased`, `withdrawn_unknown` and what `requireSignedStatement`, `requirePast` and `requireCapacity` throw. It is handed to the log in the same
 * transaction; it counts as logged when a published checkpoint covers it.
 */
export async function recordEnvelope(tx: Tx, envelopeText: string): Promise<RecordedEnvelope> {
  const { body, keyId } = readOneSigner(envelopeText);
  await holdKey(tx, keyId);
  const key = await findSigningKey(keyId, tx);
  const now = await currentTime(tx);
  requireKeyInForce(key, now);
  const statement = await requireSignedStatement(body, key.spki);
  requirePast(statement, now);
  requireSpeakersKey(statement, key);
  const erased = await findErased(tx, [{ keyId, leaf: makeLeaf(body, key.spki) }]);
  if (erased.size > 0) throw erasedError();
  await logKeyEvents(tx, keyId, recordEnvelope);
  await requireCapacity(tx, { statement, keyId }, recordEnvelope);
  const withdrawnSubjects = await requireOwnWithdrawal(tx, statement, keyId);
  const sha256 = hexDigest(body);
  await tx.envelope.createMany({
    data: [
      {
        sha256,
        body,
        predicateType: statement.predicateType,
        keyId,
        subjects: [...new Set([...lookedUpBy(statement), ...withdrawnSubjects])],
        signerId: key.accountId,
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
  await submitEnvelope(tx, sha256);
  return { sha256, statement, keyId, signerId: key.accountId };
}

/** The digests a withdrawn statement was about, once it is sure that its own speaker takes it back; else none. */
async function requireOwnWithdrawal(tx: Tx, statement: Statement, keyId: string): Promise<string[]> {
  const sha256 = withdrawnEnvelopeOf(statement);
  if (sha256 === null) return [];
  const row = await tx.envelope.findUnique({ where: { sha256 } });
  const payload = decodeBase64(readEnvelope(row?.body ?? "")?.payload ?? "");
  const withdrawn = payload && readStatement(payload);
  refuseUnless(row && withdrawn, "withdrawn_unknown", "What is withdrawn is not kept here.");
  refuseUnless(
    mayWithdraw({ statement, keyId }, { statement: withdrawn, keyId: row.keyId }),
    "signer_may_not",
    "A statement is taken back or replaced by who made it, and by nobody else.",
  );
  // Its own, not those it was found by: a chain of withdrawals does not grow.
  return subjectDigestsOf(withdrawn) ?? [];
}
