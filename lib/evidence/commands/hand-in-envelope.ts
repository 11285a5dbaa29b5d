import "server-only";
import { countSubmission } from "@/lib/accounts/attempts";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { decodeBase64, encodeBase64, readEnvelope, toHex } from "../dsse";
import { canonicalJson } from "../jcs";
import { leafOfEnvelope, requireRoomInLog } from "../log/submit-envelope";
import { requireAcceptedFromOutside } from "../outside-policy";
import { verifyEnvelope } from "../verify-envelope";
import { applyWithdrawal } from "./apply-withdrawal";
import { recordEnvelope } from "./record-envelope";

export type HandedIn = { envelope: string; leafHash: string };

/** Too much came in at once; nobody did anything wrong. */
export class LaterError extends Error {
  constructor(
    readonly code: "too_many_submissions" | "log_busy",
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
    this.name = "LaterError";
  }
}

const ROOM_SECONDS = 2;

/**
 * Takes an envelope from somebody outside, and hands it to the log. The signature is the authorisation: see
 * `recordEnvelope` for what is asked of it and of its key, and `requireAcceptedFromOutside` for what may come this way.
 *
 * The same statement by the same key is entered once, whatever its signature looks like: an ECDSA signature has a twin
 * that anybody can compute, and nobody may double another's statement. The second time the first answer is given
 * again, also after the key was revoked.
 *
 * Throws what those two throw, and LaterError.
 */
export async function handInEnvelope(text: string, ip: string | null): Promise<HandedIn> {
  await requirePace(null, ip);
  const { body, keyId, payload } = readHandedIn(text);
  const before = await findSameStatement(db, keyId, payload);
  if (before) return before;
  await requireHoldingSignature(body, keyId);
  await requirePace(keyId, ip);
  await requireRoom();
  return inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "SigningKey" WHERE id = ${keyId} FOR UPDATE`;
    const same = await findSameStatement(tx, keyId, payload);
    if (same) return same;
    const recorded = await recordEnvelope(tx, body);
    const { sha256, statement, signerId } = recorded;
    const account = await tx.account.findUnique({ where: { id: signerId ?? "" } });
    requireAcceptedFromOutside(statement, {
      isActive: account?.status === "active",
      isVerified: Boolean(account?.emailVerifiedAt),
      isEvaluator: account?.roles.includes("evaluator") ?? false,
    });
    await applyWithdrawal(tx, recorded);
    return handedIn(tx, sha256);
  });
}

/** In the one spelling of base64 and JSON, so that one envelope has one address. */
function readHandedIn(text: string): { body: string; keyId: string; payload: string } {
  const envelope = readEnvelope(text);
  const [signature, ...others] = envelope?.signatures ?? [];
  const keyId = signature?.keyid;
  const bytes = envelope && decodeBase64(envelope.payload);
  const sig = signature && decodeBase64(signature.sig);
  refuseUnless(
    envelope && bytes && sig && keyId && others.length === 0,
    "envelope_refused",
    "This is not a DSSE envelope with one signature that names its key.",
  );
  const payload = encodeBase64(bytes);
  const { payloadType } = envelope;
  try {
    const signatures = [{ keyid: keyId, sig: encodeBase64(sig) }];
    return { body: canonicalJson({ payload, payloadType, signatures }), keyId, payload };
  } catch {
    throw new DomainError("envelope_refused", "The envelope holds text that is not Unicode.");
  }
}

/** Only who holds a key spends its allowance: a stranger cannot use it up by naming it. */
async function requireHoldingSignature(body: string, keyId: string): Promise<void> {
  const key = await db.signingKey.findUnique({
    where: { id: keyId },
    select: { spki: true, accountId: true },
  });
  refuseUnless(key, "key_unknown", "The key that signed this is not listed here.");
  refuseUnless(key.accountId !== null, "signer_may_not", "The platform hands nothing in from outside.");
  const check = await verifyEnvelope(body, { trustedKeys: [key.spki] });
  if (check.state !== "verified") throw new DomainError("envelope_refused", check.message);
}

/** The envelope by which this key made the same statement before; null when it did not. */
async function findSameStatement(
  tx: Tx | typeof db,
  keyId: string,
  payload: string,
): Promise<HandedIn | null> {
  const start = `{"payload":${JSON.stringify(payload)},"payloadType":`;
  const [row] = await tx.$queryRaw<{ sha256: string }[]>`
    SELECT sha256 FROM "Envelope" WHERE "keyId" = ${keyId} AND starts_with(body, ${start})
    ORDER BY "createdAt", sha256 LIMIT 1`;
  return row ? handedIn(tx, row.sha256) : null;
}

async function handedIn(tx: Tx | typeof db, envelope: string): Promise<HandedIn> {
  const leaf = await leafOfEnvelope(tx, envelope);
  if (!leaf) throw new Error(`The envelope ${envelope} was recorded and is gone.`);
  return { envelope, leafHash: toHex(leaf.hash) };
}

async function requirePace(keyId: string | null, ip: string | null): Promise<void> {
  const waitSeconds = await countSubmission(keyId === null ? { ip } : { keyId });
  if (waitSeconds !== null)
    throw new LaterError("too_many_submissions", "Too many submissions. Try again later.", waitSeconds);
}

async function requireRoom(): Promise<void> {
  try {
    await requireRoomInLog();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "log_busy") throw error;
    throw new LaterError("log_busy", error.message, ROOM_SECONDS);
  }
}
