import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { lockOwnListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { parseJson } from "@/lib/shared/encoding";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { claimStatement } from "../claim";
import { type ClaimRecord, isSignedByKey, listStandingClaims } from "../records/claims";
import { canonicalJson } from "@/lib/shared/jcs";
import { counted } from "@/lib/statements/sentence";
import { recordEnvelope } from "./record-envelope";

const MAX_ENVELOPES = 300;

/**
 * A seller signs the claims of their listing with the key of their device, as many as there are, all or nothing. Each
 * envelope must hold exactly the statement of a standing claim that no key has signed yet. From then on these
 * signatures stand first; what the platform signed before stays in the log.
 *
 * Throws `not_found` for everybody else, `no_signature` where the browser made none, `signed_something_else`, and what
 * `recordEnvelope` throws.
 */
export async function signClaims(
  actor: Actor,
  { listingId, envelopes }: { listingId: string; envelopes: string },
): Promise<{ message: string }> {
  const signed = await inTransaction(async (tx) => {
    await lockOwnListing(tx, actor, listingId);
    const texts = readEnvelopes(envelopes);
    const unsigned = new Map(
      (await listStandingClaims(tx, listingId))
        .filter((claim) => !isSignedByKey(claim))
        .map((claim) => [canonicalJson(claimStatement(claim)), claim]),
    );
    for (const text of texts) await keepSignature(tx, actor, text, unsigned);
    return texts.length;
  });
  return { message: `${counted(signed, "claim")} signed with this device’s key.` };
}

async function keepSignature(
  tx: Tx,
  actor: Actor,
  text: string,
  unsigned: Map<string, ClaimRecord>,
): Promise<void> {
  const { sha256, statement, signerId } = await recordEnvelope(tx, text);
  const said = canonicalJson(statement);
  const claim = unsigned.get(said);
  refuseUnless(
    claim && signerId === actor.accountId,
    "signed_something_else",
    "The signature is about something else than what is shown. Reload the page and sign again.",
  );
  unsigned.delete(said);
  await tx.claimEnvelope.create({
    data: {
      envelopeSha256: sha256,
      claimId: claim.id,
      stance: "stated",
      method: "device_key",
      accountId: actor.accountId,
      createdAt: await currentTime(tx),
    },
  });
}

function readEnvelopes(list: string): string[] {
  refuseUnless(
    list !== "",
    "no_signature",
    "This browser made no signature, so nothing was signed and the claims stand as before. If the page was still loading, press again.",
  );
  const values = parseJson(list);
  if (!Array.isArray(values) || values.length === 0 || values.length > MAX_ENVELOPES)
    throw new DomainError("envelope_refused", "This is not a list of signed envelopes.");
  return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}
