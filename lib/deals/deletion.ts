import type { Deal } from "./deal";
import type { Party } from "./negotiation";

/** After a refund of something that was delivered, its buyer says once that every copy is deleted. */
export function mayConfirmDeletion(
  deal: Pick<Deal, "fulfilment">,
  party: Party,
  events: readonly { kind: string }[],
): boolean {
  const happened = (kind: string) => events.some((event) => event.kind === kind);
  return party === "buyer" && deal.fulfilment === "REFUNDED" && happened("delivered") && !happened("deleted");
}
