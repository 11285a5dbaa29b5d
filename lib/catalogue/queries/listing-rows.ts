import "server-only";
import type { Pool } from "pg";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { readPool } from "@/lib/platform/read-pool";
import { type LimitationType, type SeverityName, sortLimitations } from "../limitation";
import type { Measures } from "../limitation-link";
import { leadingPart } from "../listing";
import type { PartName, PricingName } from "../part";
import { type ListedCost, readCost } from "../listed-standing";
import type { EnvelopeCell, EvidenceGradeName } from "../standing";

/** What a row of the front page, of a comparison and of the API needs of a listing. */
export type ListingRow = {
  id: string;
  slug: string;
  title: string;
  task: string | null;
  domain: string | null;
  languages: string[];
  /** The level that the envelope is drawn at; null while there is none. */
  judgedLevel: number | null;
  evidenceGrade: EvidenceGradeName;
  evidenceAt: Date | null;
  evaluatedRows: number;
  envelope: EnvelopeCell[];
  /** At the default volume. */
  cost: ListedCost;
  currency: string;
  /** The part the row shows the price of; null when nothing is offered. */
  leading: { part: PartName; pricing: PricingName; priceMinor: bigint; termMonths: number | null } | null;
  licenceSpdx: string | null;
  /** Stated as present, the worst first. */
  limitations: RowLimit[];
  /** Stated as looked for and absent. */
  absentLimitations: LimitationType[];
};

type RowLimit = {
  type: LimitationType;
  severity: SeverityName;
  condition: string;
  measures: Measures | null;
};

type Row = Omit<ListingRow, "judgedLevel" | "cost" | "leading" | "limitations"> & {
  judgedLevel: string | null;
  cost: string | null;
  costLower: string | null;
  costUpper: string | null;
  costUnknownBecause: string | null;
  parts: { part: PartName; pricing: PricingName; priceMinor: string; termMonths: number | null }[] | null;
  limits: RowLimit[] | null;
  absent: LimitationType[] | null;
};

/** The rows of a page by their search numbers. */
export const ROWS = `
SELECT l.id, l.slug, l.title, l.task, l.domain, l.languages, l."judgedLevel", l."evidenceGrade", l."evidenceAt",
  l."evaluatedRows", l.envelope, l.currency, l."licenceSpdx",
  l."costPer1kCorrectMilli" AS cost, l."costPer1kCorrectLowerMilli" AS "costLower", l."costPer1kCorrectUpperMilli" AS "costUpper", l."costUnknownBecause",
  (SELECT json_agg(json_build_object('part', p.part, 'pricing', p.pricing, 'priceMinor', p."priceMinor"::text, 'termMonths', p."termMonths"))
    FROM "ListingPart" p WHERE p."listingId" = l.id AND p."isOffered") AS parts,
  (SELECT json_agg(json_build_object('type', n.type, 'severity', n.severity, 'condition', n.condition, 'measures', n.measures))
    FROM "ListingLimitation" n WHERE n."listingId" = l.id AND n.presence = 'present') AS limits,
  (SELECT json_agg(n.type ORDER BY n.type)
    FROM "ListingLimitation" n WHERE n."listingId" = l.id AND n.presence = 'absent') AS absent
FROM unnest($1::int[]) WITH ORDINALITY AS w("searchId", place) JOIN "Listing" l USING ("searchId") ORDER BY w.place`;

/** The listings of these search numbers, in that order. */
export async function listRows(pool: Pool, searchIds: readonly number[]): Promise<ListingRow[]> {
  if (searchIds.length === 0) return [];
  const { rows } = await pool.query<Row>(ROWS, [searchIds]);
  return rows.map(rowView);
}

function rowView({ cost, costLower, costUpper, costUnknownBecause, ...row }: Row): ListingRow {
  const { parts, limits, absent, ...plain } = row;
  const offered = (parts ?? []).map((part) => ({
    ...part,
    priceMinor: BigInt(part.priceMinor),
    isOffered: true,
  }));
  const leading = leadingPart(offered);
  return {
    ...plain,
    judgedLevel: row.judgedLevel === null ? null : Number(row.judgedLevel),
    cost: readCost({
      costPer1kCorrectMilli: amountOf(cost),
      costPer1kCorrectLowerMilli: amountOf(costLower),
      costPer1kCorrectUpperMilli: amountOf(costUpper),
      costUnknownBecause,
    }),
    leading: leading && {
      part: leading.part,
      pricing: leading.pricing,
      priceMinor: leading.priceMinor,
      termMonths: leading.termMonths,
    },
    limitations: sortLimitations(limits ?? []),
    absentLimitations: absent ?? [],
  };
}

function amountOf(column: string | null): bigint | null {
  return column === null ? null : BigInt(column);
}

const MOST_OF_SELLER = 100;

/** What a seller offers now, the best evidenced first; drafts, paused, frozen and retired listings are not in it. */
export async function listListingsOfSeller(
  accountId: string,
  pool: Pool = readPool(),
): Promise<{ rows: ListingRow[]; total: number }> {
  const { rows } = await pool.query<{ searchId: number; total: number }>(
    `SELECT "searchId", count(*) OVER ()::int AS total FROM "Listing"
     WHERE "sellerId" = $1 AND "isShown"
     ORDER BY "evidenceGrade" DESC, "evaluatedRows" DESC, "searchId" LIMIT ${MOST_OF_SELLER}`,
    [accountId],
  );
  return {
    rows: await listRows(
      pool,
      rows.map((row) => row.searchId),
    ),
    total: rows[0]?.total ?? 0,
  };
}

export type WatchedRow = ListingRow & { state: "open" | "paused" | "retired" | "frozen" };

/** The actor's watch list, the latest first. A listing taken down since is left out. */
export async function listWatched(actor: Actor): Promise<WatchedRow[]> {
  const watched = await db.watchedListing.findMany({
    where: { accountId: actor.accountId, listing: { takenDownAt: null, status: { not: "draft" } } },
    orderBy: { createdAt: "desc" },
    take: 200,
    include: { listing: { select: { id: true, searchId: true, status: true, frozenAt: true } } },
  });
  const rows = await listRows(
    readPool(),
    watched.map(({ listing }) => listing.searchId),
  );
  const states = new Map(watched.map(({ listing }) => [listing.id, listing]));
  return rows.map((row) => {
    const found = states.get(row.id);
    const state = found?.frozenAt ? "frozen" : found?.status;
    return {
      ...row,
      state: state === "paused" || state === "retired" || state === "frozen" ? state : "open",
    };
  });
}
