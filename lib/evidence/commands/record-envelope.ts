import "server-only";
import { keyIsValidAt } from "@/lib/accounts/key";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { readEnvelope } from "../dsse";
import { submitEnvelope } from "../log/submit-envelope";
import { canonicalJson } from "../jcs";
import { requireSpeakersKey } from "../signer-policy";
import type { Statement } from "../statement";
import { hexDigest, verifyEnvelope } from "../verify-envelope";

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
 * known kind whose speaker owns the key. What the statement says is not judged.
 *
 * Throws `envelope_refused` (with the reason in words), `key_unknown`, `key_not_in_force`, `signer_may_not`,
 * `predicate_unknown` or `statement_malformed`. It is handed to the log in the
 * same transaction; it counts as logged when a published checkpoint covers it.
 */
export async function recordEnvelope(tx: Tx, envelopeText: string): Promise<RecordedEnvelope> {
  const { body, keyId } = readOneSigner(envelopeText);
  const key = await tx.signingKey.findUnique({ where: { id: keyId } });
  refuseUnless(key, "key_unknown", "The key that signed this is not listed here.");
  const now = await currentTime(tx);
  refuseUnless(
    keyIsValidAt(key, now),
    "key_not_in_force",
    key.revokedAt ? "The key that signed this was revoked." : "The key that signed this is not in force yet.",
  );
  const check = await verifyEnvelope(body, { trustedKeys: [key.spki] });
  if (check.state !== "verified") throw new DomainError("envelope_refused", check.message);
  const { statement } = check;
  requireSpeakersKey(statement, key);
  const sha256 = hexDigest(body);
  await tx.envelope.createMany({
    data: [
      {
        sha256,
        body,
        predicateType: statement.predicateType,
        keyId,
        subjects: [...new Set(statement.subject.map(({ digest }) => digest.sha256))],
        signerId: key.accountId,
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
  await submitEnvelope(tx, sha256);
  return { sha256, statement, keyId, signerId: key.accountId };
}

/** Written anew in canonical form, so that nothing unsigned travels along and one envelope has one address. */
function readOneSigner(envelopeText: string): { body: string; keyId: string } {
  const envelope = readEnvelope(envelopeText);
  const keyId = envelope?.signatures[0]?.keyid;
  refuseUnless(
    envelope && envelope.signatures.length === 1 && keyId,
    "envelope_refused",
    "This is not a DSSE envelope with one signature that names its key.",
  );
  const { payload, payloadType, signatures } = envelope;
  try {
    return { body: canonicalJson({ payload, payloadType, signatures }), keyId };
  } catch {
    throw new DomainError("envelope_refused", "The envelope holds text that is not Unicode.");
  }
}
