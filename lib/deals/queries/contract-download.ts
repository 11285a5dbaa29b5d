import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { encodeBase64 } from "@/lib/shared/encoding";
import { db } from "@/lib/platform/db";
import { readContract } from "@/lib/terms/contract";
import { contractText } from "@/lib/terms/clauses";
import { partyOf } from "../deal";
import type { Party } from "../negotiation";
import { signatureBytes } from "../signature";

export type ContractDownload = {
  /** Plain language, for people. */
  text: string;
  /** The canonical JSON that was signed, byte for byte. */
  terms: string;
  /** The DSSE envelopes of the signatures. */
  signatures: { party: string; method: string; termsSha256: string; envelope: string | null }[];
};

/** The contract of one's own deal in every form; null for everybody else. */
export async function findContractDownload(actor: Actor, dealId: string): Promise<ContractDownload | null> {
  const deal = await db.deal.findUnique({
    where: { id: dealId },
    include: { contract: true, signatures: true },
  });
  if (!deal?.contract || !partyOf(deal, actor.accountId)) return null;
  const bodies = await findEnvelopeTexts(
    deal.signatures.flatMap(({ envelopeSha256 }) => envelopeSha256 ?? []),
  );
  return {
    text: contractText(readContract(deal.contract), deal.contract.termsSha256),
    terms: deal.contract.terms,
    signatures: deal.signatures.map(({ party, method, termsSha256, envelopeSha256 }) => ({
      party,
      method,
      termsSha256,
      envelope: bodies.get(envelopeSha256 ?? "") ?? null,
    })),
  };
}

/** The C2SP tlog-proof by which one's own deal was released; null for everybody else, and before. */
export async function findReleaseProof(actor: Actor, dealId: string): Promise<string | null> {
  const deal = await db.deal.findUnique({
    where: { id: dealId },
    select: { buyerId: true, sellerId: true, proof: { select: { proof: true } } },
  });
  return deal?.proof && partyOf(deal, actor.accountId) ? deal.proof.proof : null;
}

type Contracted = { id: string; contract: { terms: string; termsSha256: string } | null };

/** A step that a party may sign with the key of a device. */
export type StepToSign = "contract" | "acceptance" | "dispute" | "deletion";

/** What this party's device key would sign about a step of the deal, base64; null before there is a contract. */
export function statementToSign(
  actor: Actor,
  deal: Contracted,
  party: Party,
  record: StepToSign,
  now: Date,
): string | null {
  if (!deal.contract) return null;
  const terms = readContract(deal.contract);
  const facts = {
    record,
    subjectId: deal.id,
    party,
    accountId: actor.accountId,
    sessionId: null,
    termsSha256: deal.contract.termsSha256,
    modelDigest: terms.version.modelDigest,
    saltHex: terms.salt,
  };
  return encodeBase64(signatureBytes(facts, now));
}
