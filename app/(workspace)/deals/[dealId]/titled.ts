import type { Metadata } from "next";
import { currentActor } from "@/lib/accounts/session/session";
import { findDealTitle } from "@/lib/deals/queries/deal-list";

/** The title of a deal's page: what the deal is about, for its parties. */
export async function titled(kind: string, params: Promise<{ dealId: string }>): Promise<Metadata> {
  const { dealId } = await params;
  const actor = await currentActor();
  const title = actor && (await findDealTitle(actor, dealId));
  return { title: title ? `${kind}: ${title}` : kind };
}
