import "server-only";
import { findHeldParts } from "@/lib/catalogue/queries/version-files";
import { findLogPlaces } from "@/lib/log/process/log-places";
import type { Tx, db } from "@/lib/platform/db";
import type { Deal as DealRow } from "@/prisma/generated/client";
import { type DealEvent, envelopeOf } from "../deal-event";
import type { Party } from "../negotiation";

/** What `nextAction` needs beside the row. */
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
