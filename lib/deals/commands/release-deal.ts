import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import type { Deal } from "../deal";
import { mayFulfil } from "../fulfilment";
import { lockDeal } from "../records";
import { type AcceptanceCheck, type ProvenAcceptance, proveAcceptance } from "./prove-acceptance";
import { settleDeal } from "./settle";

/**
 * Proves the acceptance of an accepted deal by the published log and keeps what was found, for pages and lists. Once
 * the objection time has passed too it releases the held payment, all or nothing; a second call finds it released. The
 * proof is made anew for the release and kept with it. Answers whether it released: while the log stands still, nothing
 * moves.
 */
export async function releaseDeal(dealId: string): Promise<boolean> {
  const deal = await db.deal.findUnique({ where: { id: dealId } });
  if (deal?.fulfilment !== "DELIVERY_ACCEPTED") return false;
  // Before the lock: a proof holds for ever, and making one needs connections of its own.
  const proof = await proveAcceptance(dealId);
  await keepFinding(dealId, deal.acceptanceLog, proof);
  return proof?.state === "verified" && releaseProven(dealId, proof);
}

/** Decides nothing: a release proves the acceptance itself. */
async function keepFinding(
  dealId: string,
  before: Deal["acceptanceLog"],
  proof: AcceptanceCheck | null,
): Promise<void> {
  if (!proof || proof.state === "waiting") return;
  const acceptanceLog = proof.state === "verified" ? "proven" : "failed";
  if (acceptanceLog === before) return;
  await db.deal.update({ where: { id: dealId }, data: { acceptanceLog } });
  if (proof.state === "failed")
    log.error({ deal: dealId, reason: proof.reason }, "the log does not prove an acceptance");
}

async function releaseProven(dealId: string, proof: ProvenAcceptance): Promise<boolean> {
  return inTransaction(async (tx) => {
    const deal = await lockDeal(tx, dealId);
    const now = await currentTime(tx);
    if (!mayFulfil(deal, "release", "system", now)) return false;
    const { envelopeSha256, leafHash, index: leafIndex, treeSize, proof: text } = proof;
    await tx.releaseProof.create({
      data: { dealId, envelopeSha256, leafHash, leafIndex, treeSize, proof: text, verifiedAt: now },
    });
    await settleDeal(tx, deal, {
      move: "release",
      mover: "system",
      actorId: null,
      buyerMinor: 0n,
      event: "released",
      text: deal.priceMinor === 0n ? "The deal is closed" : "The held payment is released",
      now,
    });
    return true;
  });
}
