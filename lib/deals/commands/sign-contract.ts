import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { listShares } from "@/lib/catalogue/queries/offered-parts";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { requireInTime } from "../clock";
import { type Deal, otherParty } from "../deal";
import { freezeShares } from "../escrow";
import { type Party, negotiate } from "../negotiation";
import { appendEvent, getContract, onOwnDeal, mailParty, saveNegotiation } from "../records";
import type { SignContractInput } from "../schemas";
import { startFreeFulfilment } from "./fund-deal";
import { recordSignature } from "./record-signature";

/**
 * Puts a party's signature under the contract whose digest was shown. Signing twice changes nothing. With the second
 * signature the deal is FINALIZED and its payment falls due.
 */
export async function signContract(actor: Actor, input: SignContractInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    await requireVerified(actor, tx);
    const contract = await getContract(tx, deal.id);
    refuseUnless(
      contract.termsSha256 === input.termsSha256,
      "terms_changed",
      "These are not the terms of this deal. Reload the page and read them again.",
    );
    if (await findSignature(tx, deal.id, party)) return;
    await placeSignature(tx, actor, { deal, party, now: await currentTime(tx), envelope: input.envelope });
  });
  return { message: "Signed." };
}

type Signing = { deal: Deal; party: Party; now: Date; envelope: string | undefined };

/** Signs a locked deal as one of its parties and moves it on, in the caller's transaction. */
export async function placeSignature(
  tx: Tx,
  actor: Actor,
  { deal, party, now, envelope }: Signing,
): Promise<void> {
  refuseUnless(
    deal.negotiation === "AGREED" || deal.negotiation === "VERIFIED",
    "negotiation_move_refused",
    "There is nothing to sign at present.",
  );
  // The seller's may stand before the buyer's, which moves nothing in the table.
  requireInTime(deal, now);
  const frozen = await freezeAtFirstSignature(tx, deal);
  const { parsed, termsSha256 } = await getContract(tx, deal.id);
  const facts = {
    record: "contract" as const,
    subjectId: deal.id,
    party,
    termsSha256,
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  };
  const signature = await recordSignature(tx, actor, facts, envelope, now);
  await tx.dealSignature.create({
    data: { dealId: deal.id, party, accountId: actor.accountId, termsSha256, signedAt: now, ...signature },
  });
  await appendEvent(tx, deal, {
    kind: "signed",
    actorId: actor.accountId,
    at: now,
    details: { party, method: signature.method, envelopeSha256: signature.envelopeSha256 },
  });
  await moveOn(tx, frozen, party, now);
}

/** The buyer's signature is AGREED → VERIFIED; as soon as the seller's stands too, VERIFIED → FINALIZED. */
async function moveOn(tx: Tx, deal: Deal, party: Party, now: Date): Promise<void> {
  let moved = deal;
  if (party === "buyer") {
    moved = await saveNegotiation(tx, moved, negotiate(moved, "verify", "buyer", now), now);
  }
  if (moved.negotiation !== "VERIFIED" || !(await findSignature(tx, deal.id, "seller"))) {
    await mailParty(tx, deal, otherParty(party), {
      key: `signed:${party}`,
      subject: "The other side has signed",
      text: `The ${party} has signed the contract. It now needs your signature.`,
    });
    return;
  }
  const by = party === "seller" ? "seller" : "system";
  moved = await saveNegotiation(tx, moved, negotiate(moved, "finalize", by, now), now);
  await appendEvent(tx, deal, { kind: "finalized", actorId: null, at: now });
  if (moved.priceMinor === 0n) await startFreeFulfilment(tx, moved, now);
  else {
    await mailParty(tx, deal, "buyer", {
      key: "finalized",
      subject: "Both have signed: pay to go on",
      text: "The contract stands. Your payment will be held until you have accepted the delivery.",
    });
  }
}

/** Contributors' shares are copied from the listing before the first signature and stay as they are from then on. */
async function freezeAtFirstSignature(tx: Tx, deal: Deal): Promise<Deal> {
  const own = await tx.dealSignature.count({ where: { dealId: deal.id } });
  const isFirst = own === 0 || (deal.standingOfferId !== null && own === 1);
  if (!isFirst) return deal;
  const shares = freezeShares(await listShares(tx, deal.listingId), deal.sellerId);
  await tx.deal.update({ where: { id: deal.id }, data: { shares } });
  return { ...deal, shares };
}

async function findSignature(tx: Tx, dealId: string, party: Party) {
  return tx.dealSignature.findUnique({ where: { dealId_party: { dealId, party } } });
}
