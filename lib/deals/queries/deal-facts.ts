import "server-only";
import { findLogPlaces } from "@/lib/log/process/log-places";
import type { Tx, db } from "@/lib/platform/db";
import type { Deal as DealRow } from "@/prisma/generated/client";
import { proveAcceptance } from "../commands/prove-acceptance";
import type { Deal } from "../deal";
import { type DealEvent, envelopeOf } from "../deal-event";
import { hasPassed } from "../deadline";
import type { Party } from "../negotiation";
import type { ReleaseWait } from "../next-action";

/** What `nextAction` needs beside the row and the log. */
export async function actionFacts(
  tx: Tx | typeof db,
  row: DealRow & { signatures: readonly { party: Party }[] },
) {
  const files = await tx.versionFile.count({ where: { versionId: row.versionId, part: row.part } });
  const signed = (party: Party) => row.signatures.some((signature) => signature.party === party);
  return { signed: { buyer: signed("buyer"), seller: signed("seller") }, hasFiles: files > 0 };
}

/** How far an accepted deal is from its release, by the very check that the release makes; null for any other. */
export async function findReleaseWait(
  deal: Pick<Deal, "id" | "fulfilment" | "deadlineAt">,
  now: Date,
): Promise<ReleaseWait | null> {
  if (deal.fulfilment !== "DELIVERY_ACCEPTED") return null;
  const check = await proveAcceptance(deal.id);
  if (!check) return null;
  return {
    log: check.state === "verified" ? "logged" : check.state,
    isDue: deal.deadlineAt !== null && hasPassed(deal.deadlineAt, now),
    since: check.since,
  };
}

/** The place of a record in the log; `index` is null until a published checkpoint covers it. */
export type LogPlaceView = { leafHash: string; index: string | null };
/** By the address of the envelope. */
export type LogPlaces = Record<string, LogPlaceView>;

/** Where the log has the signatures and steps of a deal. */
export async function findDealPlaces(
  signatures: readonly { envelopeSha256: string | null }[],
  events: readonly DealEvent[],
): Promise<LogPlaces> {
  const envelopes = [
    ...signatures.flatMap(({ envelopeSha256 }) => envelopeSha256 ?? []),
    ...events.flatMap((event) => envelopeOf(event) ?? []),
  ];
  const places = await findLogPlaces(envelopes);
  return Object.fromEntries(
    [...places].map(([envelope, { leafHash, index }]) => [
      envelope,
      { leafHash, index: index === null ? null : String(index) },
    ]),
  );
}
