import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import type { Deal } from "../deal";
import { hasPassed } from "../deadline";
import { lockDeal } from "../records";
import { type ProvenAcceptance, proveAcceptance } from "./prove-acceptance";
import { settleDeal } from "./settle";

/**
 * Releases the held payment of an accepted deal once the objection time has passed and the published log proves the
 * record of the acceptance, all or nothing; a second call finds it released. The proof is kept with the release.
 * Answers whether it released: while the log stands still, nothing moves.
 */
export async function releaseDeal(dealId: string): Promise<boolean> {
  const deal = await db.deal.findUnique({ where: { id: dealId } });
  if (!deal || !isDue(deal, await currentTime())) return false;
  // Before the lock: a proof holds for ever, and making one needs connections of its own.
  const proof = await proveAcceptance(dealId);
  if (proof?.state === "failed")
    log.error({ deal: dealId, reason: proof.reason }, "the log does not prove an acceptance");
  return proof?.state === "verified" && releaseProven(dealId, proof);
}

async function releaseProven(dealId: string, proof: ProvenAcceptance): Promise<boolean> {
  return inTransaction(async (tx) => {
    const deal = await lockDeal(tx, dealId);
    const now = await currentTime(tx);
    if (!isDue(deal, now)) return false;
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

function isDue({ fulfilment, deadlineAt }: Pick<Deal, "fulfilment" | "deadlineAt">, now: Date): boolean {
  return fulfilment === "DELIVERY_ACCEPTED" && deadlineAt !== null && hasPassed(deadlineAt, now);
}
