import "server-only";
import { findHeldParts } from "@/lib/catalogue/queries/version-files";
import { findLogPlaces } from "@/lib/log/process/log-places";
import type { Tx, db } from "@/lib/platform/db";
import type { Deal as DealRow } from "@/prisma/generated/client";
import { proveAcceptances } from "../commands/prove-acceptance";
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
  const isHeld = await findHeldParts([row.versionId], tx);
  const signed = (party: Party) => row.signatures.some((signature) => signature.party === party);
  return {
    signed: { buyer: signed("buyer"), seller: signed("seller") },
    hasFiles: isHeld(row.versionId, row.part),
  };
}

type Accepted = Pick<Deal, "id" | "fulfilment" | "deadlineAt">;

/** How far an accepted deal is from its release, by the very check that the release makes; null for any other. */
export async function findReleaseWait(deal: Accepted, now: Date): Promise<ReleaseWait | null> {
  return (await findReleaseWaits([deal], now)).get(deal.id) ?? null;
}

/** The same of many deals, by their ids, in a fixed number of queries; any other deal is left out. */
export async function findReleaseWaits(
  deals: readonly Accepted[],
  now: Date,
): Promise<Map<string, ReleaseWait>> {
  const accepted = deals.filter(({ fulfilment }) => fulfilment === "DELIVERY_ACCEPTED");
  const checks = await proveAcceptances(accepted.map(({ id }) => id));
  return new Map(
    accepted.flatMap(({ id, deadlineAt }) => {
      const check = checks.get(id);
      if (!check) return [];
      const log = check.state === "verified" ? "logged" : check.state;
      return [[id, { log, isDue: deadlineAt !== null && hasPassed(deadlineAt, now), since: check.since }]];
    }),
  );
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
