import { facetNames } from "./browse-filter";
import type { BadParameter } from "./browse-query";
import type { Facets } from "./facet-count";
import type { ListedLimitation } from "./limitation";
import type { ListingView } from "./queries/find-listing";
import type { ListingRow } from "./queries/listing-rows";
import { pick } from "@/lib/shared/pick";
import { rightNames, rightSlugs } from "./rights";
import { costUnknownTexts } from "./listed-standing";
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

/** The refusal of an address that takes no parameters and was given one; null when there is nothing to refuse. */
export function refuseParameters(request: Request): Response | null {
  const [unknown] = new URL(request.url).searchParams.keys();
  if (unknown === undefined) return null;
  const error = badParameterError({ parameter: unknown, message: "is not a parameter of this address" });
  return Response.json(error, { status: 400, headers: publicHeaders });
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
    costPer1kCorrect: costView(row),
  };
}

/** Counts beside the values of the parameters that filter by them. Bands of amounts are not values and stay out. */
export function facetItems(facets: Facets): Partial<Facets> {
  const named = facetNames.filter((name) => name !== "maxPriceMinor" && name !== "maxCostPer1kCorrectMinor");
  return Object.fromEntries(named.map((name) => [name, facets[name]]));
}

/** Everything public of one listing. */
export function listingDetail(view: ListingView) {
  const { id, slug, title, summary, description, task, domain } = view;
  return {
    ...{ id, slug, title, summary, description, task, domain },
    status: view.state,
    language: view.languages,
    seller: { handle: view.seller.handle, name: view.seller.displayName },
    version: {
      number: view.version.number,
      kind: view.version.kind,
      modelDigest: view.version.modelDigest,
      runContractSha256: view.version.runContractSha256,
      createdAt: view.version.createdAt.toISOString(),
    },
    ...standingView(view),
    ...offerView(view),
    limitations: view.limitations.map(limitationView),
    ...originView(view),
    timeline: view.timeline.map(({ kind, fromDate, toDate, text, originator, isAdverse }) => ({
      ...{ kind, text, originator, isAdverse },
      from: fromDate.toISOString(),
      to: toDate?.toISOString() ?? null,
    })),
    sameFiles: view.sameFiles.map(({ slug: other, path, sha256, isRelated }) => ({
      ...{ path, sha256, isRelated },
      slug: other,
    })),
  };
}

function standingView(view: ListingView) {
  const { declaredLevel, judgedLevel, evidenceGrade, evidenceAt, evaluatedRows, envelope } = view;
  return {
    ...{ declaredLevel, judgedLevel, evidenceGrade, evaluatedRows },
    evidenceAt: evidenceAt?.toISOString() ?? null,
    envelope: envelope.map((cell) => ({
      ...cellView(cell),
      ...pick(cell, ["sellerName", "condition", "k", "clusters", "intervalMethod", "discovered"]),
      ...pick(cell, ["baseRate", "baseLabel", "baseN", "neededN"]),
    })),
    costPer1kCorrect: costView(view),
  };
}

/** At 100,000 calls a month for 12 months; where it is not known, why, and no number. */
function costView({ cost, currency }: Pick<ListingView, "cost" | "currency">) {
  if (cost.state === "unknown") return { unknown: cost.reason, message: costUnknownTexts[cost.reason] };
  return {
    milliMinor: Number(cost.value),
    lowerMilliMinor: Number(cost.lower),
    upperMilliMinor: Number(cost.upper),
    currency,
  };
}

/** `words` are the seller's; `figure` counts what `measures` names, and is null where nobody measured it. */
function limitationView({ type, presence, severity, condition, measures, figure }: ListedLimitation) {
  return { type, presence, severity, words: condition, measures, figure };
}

function offerView(view: ListingView) {
  const { currency, leading } = view;
  const priceView = (minor: bigint) => ({ minor: Number(minor), currency });
  return {
    price: leading && priceView(leading.priceMinor),
    parts: view.parts
      .filter((part) => part.isOffered)
      .map(({ part, pricing, priceMinor, termMonths, files }) => ({
        ...{ part, pricing, termMonths },
        price: priceView(priceMinor),
        files: files.map(({ path, sha256, sizeBytes }) => ({ path, sha256, sizeBytes: Number(sizeBytes) })),
      })),
    rights: {
      ...Object.fromEntries(rightNames.map((name) => [rightSlugs[name], view.rights[name]])),
      fieldOfUse: view.fieldOfUse,
      licence: view.licenceSpdx,
    },
  };
}

function originView({ dataOrigins, contributors, baseModels }: ListingView) {
  return {
    baseModels,
    dataOrigins: dataOrigins.map(({ name, source, licence, url, use, rowCount }) => ({
      ...{ name, source, licence, url, use, rowCount },
    })),
    contributors: contributors.map(({ name, handle, contribution, shareBasisPoints, status }) => ({
      ...{ name, handle, contribution, shareBasisPoints, status },
    })),
  };
}

function cellView(cell: EnvelopeCell) {
  const { slice: id, name, sellerName, condition, n, clusters, value, lower, upper, verdict } = cell;
  const { intervalMethod: interval } = cell;
  return { slice: name, id, sellerName, condition, n, clusters, value, lower, upper, interval, verdict };
}
