import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { recordEnvelope } from "@/lib/evidence/commands/record-envelope";
import { signAsPlatform } from "@/lib/evidence/commands/platform-key";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import type { Party } from "../negotiation";
import { getContract } from "../records";
import { type SignatureFacts, requireSignedThis, signatureBytes } from "../signature";

export type RecordedSignature = {
  method: "device_key" | "session";
  sessionId: string | null;
  envelopeSha256: string;
};

/** Who has no browser session: seeds and tests. The envelope says so instead of naming one. */
const NO_SESSION = "none";

/**
 * Keeps one party's signature. With an envelope of the party's device key that one, after checking key and content;
 * otherwise the platform signs that this account agreed in this session, the weaker form.
 * Throws `signed_something_else`, `signer_may_not` and what `recordEnvelope` refuses.
 */
export async function recordSignature(
  tx: Tx,
  actor: Actor,
  facts: Omit<SignatureFacts, "accountId" | "sessionId">,
  envelope: string | undefined,
  now: Date,
): Promise<RecordedSignature> {
  const own = { ...facts, accountId: actor.accountId };
  if (envelope) {
    const recorded = await recordEnvelope(tx, envelope);
    refuseUnless(
      recorded.signerId === actor.accountId,
      "signer_may_not",
      "This was signed with a key of another account.",
    );
    requireSignedThis(recorded.statement, { ...own, sessionId: null });
    return { method: "device_key", sessionId: actor.sessionId, envelopeSha256: recorded.sha256 };
  }
  const bytes = signatureBytes({ ...own, sessionId: actor.sessionId ?? NO_SESSION }, now);
  const recorded = await recordEnvelope(tx, await signAsPlatform(bytes, tx));
  return { method: "session", sessionId: actor.sessionId, envelopeSha256: recorded.sha256 };
}

/** A step that is agreed to after the contract; `ruling` is the withdrawal of a dispute by who opened it. */
export type DealStep = "delivery" | "acceptance" | "dispute" | "ruling" | "deletion";

/**
 * Records one step of a party under the deal's contract, with the envelope its device's key made or in the weaker form;
 * the envelope's address. Throws what `recordSignature` throws.
 */
export async function recordStep(
  tx: Tx,
  actor: Actor,
  step: { dealId: string; record: DealStep; party: Party; envelope?: string | undefined; now: Date },
): Promise<string> {
  const { dealId, record, party, envelope, now } = step;
  const facts = { ...(await stepFacts(tx, dealId, record)), party };
  return (await recordSignature(tx, actor, facts, envelope, now)).envelopeSha256;
}

/** The same for a step that the platform takes, such as a delivery of files it holds. */
export async function recordPlatformStep(
  tx: Tx,
  dealId: string,
  record: DealStep,
  now: Date,
): Promise<string> {
  return recordPlatformStatement(tx, await stepFacts(tx, dealId, record), now);
}

async function stepFacts(tx: Tx, dealId: string, record: DealStep) {
  const { parsed, termsSha256 } = await getContract(tx, dealId);
  const { salt: saltHex, version } = parsed;
  return { record, subjectId: dealId, termsSha256, modelDigest: version.modelDigest, saltHex };
}

/** The platform's own word on a step that is not a party's signature, such as a delivery it made. */
async function recordPlatformStatement(
  tx: Tx,
  facts: Omit<SignatureFacts, "accountId" | "sessionId" | "party">,
  now: Date,
): Promise<string> {
  const statement = { ...facts, party: "platform" as const, accountId: "platform", sessionId: NO_SESSION };
  const recorded = await recordEnvelope(tx, await signAsPlatform(signatureBytes(statement, now), tx));
  return recorded.sha256;
}
