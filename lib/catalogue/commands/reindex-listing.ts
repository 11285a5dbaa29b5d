import "server-only";
import type { Tx } from "@/lib/platform/db";
import { type Tag, tagsOf } from "../facet-tag";
import { isLimitationType, limitationTypes } from "../limitation";
import { leadingPart } from "../listing";
import { domains, isDomain, isTask, languageName, tasks } from "../niche";

/** What the index reads of a description; the rest is on the page. */
const INDEXED_DESCRIPTION_CHARACTERS = 20_000;

/**
 * Rebuilds everything the search reads of one listing: its price, tags and words. Call it in the transaction of
 * every change. The bitmaps follow later; until then counts read the listing itself, so they are
 * exact at every moment (see the README).
 */
export async function reindexListing(tx: Tx, listingId: string): Promise<void> {
  const listing = await tx.listing.findUniqueOrThrow({
    where: { id: listingId },
    include: { parts: true, limitations: true, dataOrigins: true },
  });
  const priceMinor = leadingPart(listing.parts)?.priceMinor ?? null;
  const tags = tagsOf({
    isShown: listing.isShown,
    task: listing.task,
    domain: listing.domain,
    languages: listing.languages,
    evidenceGrade: listing.evidenceGrade,
    rights: listing,
    offeredParts: listing.parts.filter((part) => part.isOffered).map((part) => part.part),
    limitations: listing.limitations,
    priceMinor,
    costPer1kCorrectMilli: listing.costPer1kCorrectMilli,
  });
  const tagIds = await tagIdsOf(tx, tags);
  const words = wordsOf(listing);
  await tx.$executeRaw`
    UPDATE "Listing" SET
      "priceMinor" = ${priceMinor},
      "tags" = ${tagIds}::int[],
      "searchText" = setweight(to_tsvector('english', ${words.title}), 'A')
        || setweight(to_tsvector('english', ${words.niche}), 'B')
        || setweight(to_tsvector('english', ${words.limits}), 'C')
        || setweight(to_tsvector('english', ${words.rest}), 'D')
    WHERE id = ${listingId}`;
  await tx.$executeRaw`
    INSERT INTO "SearchChange" ("searchId") VALUES (${listing.searchId})
    ON CONFLICT ("searchId") DO UPDATE SET "changedAt" = now()`;
}

/** The numbers of tags, made where they are new. Sorted, so that two transactions never wait for each other in a ring. */
async function tagIdsOf(tx: Tx, tags: readonly Tag[]): Promise<number[]> {
  if (tags.length === 0) return [];
  const sorted = [...tags].sort((a, b) => compare(a.kind, b.kind) || compare(a.value, b.value));
  const kinds = sorted.map((tag) => tag.kind);
  const values = sorted.map((tag) => tag.value);
  const find = () => tx.$queryRaw<{ id: number }[]>`
    SELECT t.id FROM "FacetTag" t JOIN unnest(${kinds}::text[], ${values}::text[]) AS w(kind, value) USING (kind, value)`;
  let found = await find();
  if (found.length < sorted.length) {
    await tx.facetTag.createMany({ data: sorted, skipDuplicates: true });
    found = await find();
  }
  return found.map((row) => row.id).sort((a, b) => a - b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Indexed = {
  title: string;
  summary: string;
  description: string;
  task: string | null;
  domain: string | null;
  languages: readonly string[];
  baseModels: readonly string[];
  limitations: readonly { type: string; condition: string }[];
  dataOrigins: readonly { name: string; source: string }[];
};

function wordsOf(listing: Indexed) {
  const { task, domain } = listing;
  return {
    title: listing.title,
    niche: [
      task && isTask(task) ? tasks[task] : "",
      domain && isDomain(domain) ? domains[domain] : "",
      ...listing.languages.map(languageName),
      listing.summary,
    ].join("\n"),
    limits: listing.limitations
      .map(
        ({ type, condition }) => `${isLimitationType(type) ? limitationTypes[type].label : ""} ${condition}`,
      )
      .join("\n"),
    rest: [
      listing.description.slice(0, INDEXED_DESCRIPTION_CHARACTERS),
      ...listing.baseModels,
      ...listing.dataOrigins.map(({ name, source }) => `${name} ${source}`),
    ].join("\n"),
  };
}
