import "server-only";
import { type KeyEvent, markStated, takeUnstatedEvents } from "@/lib/accounts/records/key-register";
import type { Tx } from "@/lib/platform/db";
import { encodeBase64 } from "@/lib/shared/encoding";
import { keyStatement } from "@/lib/statements/kinds/key";
import { signAsPlatform } from "./platform-key";
import { statementBytes } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";

/**
 * Enters what happened to a key and is not yet in the log, in its order, each as a statement that the platform signs.
 * `recordEnvelope` calls it for the key that signs, in the same transaction, so that in the log a key always comes
 * before what it signed, and hands itself over as `record`.
 */
export async function logKeyEvents(
  tx: Tx,
  keyId: string,
  record: (tx: Tx, envelopeText: string) => Promise<{ sha256: string }>,
): Promise<void> {
  for (const event of await takeUnstatedEvents(tx, keyId)) {
    const envelope = await signAsPlatform(statementBytes(statementOf(event)), tx);
    // Noted first: recording asks again, and the platform's own key is stated by itself.
    await markStated(tx, event.id, hexDigest(envelope));
    const { sha256 } = await record(tx, envelope);
    if (sha256 !== hexDigest(envelope)) throw new Error("The platform did not sign in canonical form.");
  }
}

function statementOf({ key, kind, enrolledBy, vouchedById, effectiveAt, revokedAt, at }: KeyEvent) {
  return keyStatement({
    event: kind,
    account: key.accountId,
    key: { id: key.id, kind: key.kind, spki: encodeBase64(key.spki) },
    enrolledBy,
    vouchedBy: vouchedById,
    effectiveAt: effectiveAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    at: at.toISOString(),
  });
}
