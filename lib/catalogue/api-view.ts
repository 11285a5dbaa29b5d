import { facetNames } from "./browse-filter";
import type { BadParameter } from "./browse-query";
import type { Facets } from "./facet-count";
import type { ListingView } from "./queries/find-listing";
import type { ListingRow } from "./queries/listing-rows";
import { rightNames, rightSlugs } from "./rights";
import type { EnvelopeCell } from "./standing";

/** Headers of every public answer: any page may read it, and for ten seconds nobody need ask again. */
export const publicHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
  "Cache-Control": "public, max-age=10",
} as const;

export type ApiError = { error: { code: string; parameter: string | null; message: string } };

export function badParameterError({ parameter, message }: BadParameter): ApiError {
  return {
    error: { code: "bad_parameter", parameter, message: `The parameter “${parameter}” ${message}.` },
  };
}

export const listingNotFound: ApiError = {
  error: { code: "not_found", parameter: null, message: "There is no such listing." },
};

/** One listing in the answer of a search. Amounts are whole minor units, shares numbers from 0 to 1. */
export function listingItem(row: ListingRow) {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    task: row.task,
    domain: row.domain,
    language: row.languages,
    limitations: row.limitations.map(({ type, severity }) => ({ type, severity })),
    evidenceGrade: row.evidenceGrade,
    price: row.leading && { minor: Number(row.leading.priceMinor), currency: row.currency },
    envelope: row.envelope.map(cellView),
  };
}

/** Counts beside the values of the parameters that filter by them. Bands of amounts are not values and stay out. */
export function facetItems(facets: Facets): Partial<Facets> {
  const named = facetNames.filter((name) => name !== "maxPriceMinor" && name !== "maxCostPer1kCorrectMinor");
  return Object.fromEntries(named.map((name) => [name, facets[name]]));
}

/** Everything public of one listing. */
export function listingDetail(view: ListingView) {
  const cost = view.costPer1kCorrectMilli;
  return {
    id: view.id,
    slug: view.slug,
    title: view.title,
    summary: view.summary,
    description: view.description,
    status: view.state,
    task: view.task,
    domain: view.domain,
    language: view.languages,
    seller: { handle: view.seller.handle, name: view.seller.displayName },
    version: {
      number: view.version.number,
      kind: view.version.kind,
      modelDigest: view.version.modelDigest,
      createdAt: view.version.createdAt.toISOString(),
    },
    declaredLevel: view.declaredLevel,
    evidenceGrade: view.evidenceGrade,
    evidenceAt: view.evidenceAt?.toISOString() ?? null,
    evaluatedRows: view.evaluatedRows,
    envelope: view.envelope.map((cell) => ({
      ...cellView(cell),
      k: cell.k,
      baseRate: cell.baseRate,
      neededN: cell.neededN,
    })),
    price: view.leading && { minor: Number(view.leading.priceMinor), currency: view.currency },
    costPer1kCorrect: cost && {
      milliMinor: Number(cost.value),
      lowerMilliMinor: Number(cost.lower),
      upperMilliMinor: Number(cost.upper),
      currency: view.currency,
    },
    parts: view.parts
      .filter((part) => part.isOffered)
      .map(({ part, pricing, priceMinor, termMonths, files }) => ({
        part,
        pricing,
        price: { minor: Number(priceMinor), currency: view.currency },
        termMonths,
        files: files.map(({ path, sha256, sizeBytes }) => ({ path, sha256, sizeBytes: Number(sizeBytes) })),
      })),
    rights: {
      ...Object.fromEntries(rightNames.map((name) => [rightSlugs[name], view.rights[name]])),
      fieldOfUse: view.fieldOfUse,
      licence: view.licenceSpdx,
    },
    limitations: view.limitations,
    dataOrigins: view.dataOrigins.map(({ name, source, licence, url, use, rowCount }) => ({
      name,
      source,
      licence,
      url,
      use,
      rowCount,
    })),
    contributors: view.contributors.map(({ name, handle, contribution, shareBasisPoints, status }) => ({
      name,
      handle,
      contribution,
      shareBasisPoints,
      status,
    })),
    timeline: view.timeline.map(({ kind, fromDate, toDate, text, originator, isAdverse }) => ({
      kind,
      from: fromDate.toISOString(),
      to: toDate?.toISOString() ?? null,
      text,
      originator,
      isAdverse,
    })),
    sameFiles: view.sameFiles.map(({ slug, path, sha256, isRelated }) => ({ slug, path, sha256, isRelated })),
  };
}

function cellView({ name, n, value, lower, upper, verdict }: EnvelopeCell) {
  return { slice: name, n, value, lower, upper, verdict };
}
