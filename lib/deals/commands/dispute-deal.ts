import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { Tx } from "@/lib/platform/db";


/** A party freezes its funded deal: state DISPUTED, disputedFrom kept, deadline cleared, event written. Stranger → not_found. */
export async function openDisputeOnDeal(
  _tx: Tx,
  _actor: Actor,
  _dealId: string,
): Promise<{ buyerId: string; sellerId: string }> {
  throw new Error("lib/deals is not there yet");
}

/** A withdrawn dispute: the deal returns to disputedFrom with a fresh deadline. */
export async function closeDisputeOnDeal(_tx: Tx, _actor: Actor, _dealId: string): Promise<void> {
  throw new Error("lib/deals is not there yet");
}
