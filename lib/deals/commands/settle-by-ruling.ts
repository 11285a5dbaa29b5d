import "server-only";
import type { Tx } from "@/lib/platform/db";


/** Settles a DISPUTED deal by a moderator's ruling: journal entry, state RELEASED/REFUNDED/SPLIT, licence effects, event. */
export async function settleByRuling(
  _tx: Tx,
  _dealId: string,
  _amounts: { outcome: "release" | "refund" | "split"; buyerMinor: bigint; sellerMinor: bigint },
): Promise<void> {
  throw new Error("lib/deals is not there yet");
}
