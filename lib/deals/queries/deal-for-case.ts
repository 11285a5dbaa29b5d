import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import type { LedgerPreview } from "@/lib/ledger/balance";
import { db } from "@/lib/platform/db";
import { contractText } from "@/lib/terms/clauses";
import { previewSettlement } from "../escrow";
import { type RecordedEvent, dealEventOf, dealOfRow, deliveredFilesOf, getContract } from "../records";
import { type LogPlaces, findDealPlaces } from "./deal-facts";

export type DealForCase = {
  dealId: string;
  listingId: string;
  versionId: string;
  contractText: string;
  termsSha256: string;
  promisedFiles: readonly { path: string; sha256: string }[];
  deliveries: readonly { at: Date; note: string; files: readonly { path: string; sha256: string }[] }[];
  signatures: readonly { party: string; method: string; signedAt: Date; envelopeSha256: string | null }[];
  messages: readonly { id: string; authorId: string; body: string; createdAt: Date }[];
  /** Newest first, as the parties see them. */
  events: readonly RecordedEvent[];
  /** Where the log has the signatures and steps. */
  logPlaces: LogPlaces;
  currency: string;
  previews: { release: LedgerPreview; refund: LedgerPreview };
};

/** Everything a moderator rules from, of one disputed deal; null for everybody else and for every other deal. */
export async function findDealForCase(actor: Actor, dealId: string): Promise<DealForCase | null> {
  if (!hasRole(actor, "moderator")) return null;
  const row = await db.deal.findUnique({
    where: { id: dealId },
    include: {
      deliveries: { orderBy: { deliveredAt: "asc" } },
      signatures: { orderBy: { signedAt: "asc" } },
      messages: { orderBy: { createdAt: "asc" } },
      events: { orderBy: { id: "desc" } },
    },
  });
  if (!row?.events.some((event) => event.kind === "dispute_opened")) return null;
  const { deliveries, signatures, messages, events, ...facts } = row;
  const deal = dealOfRow(facts);
  const contract = await getContract(db, dealId);
  const told = events.map(dealEventOf);
  return {
    dealId,
    listingId: deal.listingId,
    versionId: deal.versionId,
    contractText: contractText(contract.parsed, contract.termsSha256),
    termsSha256: contract.termsSha256,
    promisedFiles: contract.parsed.files,
    deliveries: deliveries.map((delivery) => ({
      at: delivery.deliveredAt,
      note: delivery.note,
      files: deliveredFilesOf(delivery.files),
    })),
    signatures,
    messages,
    events: told,
    logPlaces: await findDealPlaces(signatures, told),
    currency: deal.currency,
    previews: {
      release: previewSettlement(deal, 0n),
      refund: previewSettlement(deal, deal.priceMinor ?? 0n),
    },
  };
}
