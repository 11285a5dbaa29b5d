import "server-only";
import type { Pool } from "pg";
import { readPool } from "@/lib/platform/read-pool";
import { conditionsOf, type FacetName } from "../browse-filter";
import { type BrowseQuery, type PageCursor, effectiveSort } from "../browse-query";
import { countsSql, pageSql, type SearchRequest } from "../browse-sql";
import { type Counted, type CountRow, facetsOf } from "../facet-count";
import type { Tag } from "../facet-tag";
import { type ListingRow, listRows } from "./listing-rows";
import { findTagBook, readTagBook, type TagBook } from "./tag-numbers";

export type SearchResult = Counted & { rows: ListingRow[]; next: PageCursor | null };

/**
 * The search behind the front page and the API: one page of listings in the order asked for, the exact number of all
 * matches and the exact counts of every facet. Page and counts are two statements side by side, so that the page may
 * walk an index and stop.
 */
export async function searchListings(query: BrowseQuery, pool: Pool = readPool()): Promise<SearchResult> {
  const conditions = conditionsOf(query);
  const request: SearchRequest = {
    words: query.q,
    conditions,
    sort: effectiveSort(query),
    cursor: query.cursor,
    limit: query.limit,
  };
  const book = await findTagBook(pool, tagsAsked(conditions));
  const [page, counts] = await Promise.all([findPage(pool, request, book), countTags(pool, request, book)]);
  const isChosen = (facet: FacetName) => conditions.some((condition) => condition.facet === facet);
  return { ...page, ...facetsOf(counts.rows, counts.known, query, isChosen) };
}

/** Bands are not asked for by the reader: one that no listing is in has no number, and needs none. */
function tagsAsked(conditions: ReturnType<typeof conditionsOf>): Tag[] {
  return conditions.flatMap((condition) => condition.tags?.tags ?? []);
}

async function findPage(pool: Pool, request: SearchRequest, book: TagBook) {
  const { text, values } = pageSql(request, book);
  const { rows } = await pool.query<Record<string, unknown>>(text, values);
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const next: PageCursor | null = rows.length > request.limit && last ? cursorAt(request.sort, last) : null;
  return {
    rows: await listRows(
      pool,
      shown.map((row) => Number(row.searchId)),
    ),
    next,
  };
}

function cursorAt(sort: PageCursor["sort"], row: Record<string, unknown>): PageCursor {
  const keys = Object.keys(row).filter((name) => name.startsWith("key"));
  const text = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value));
  return { sort, key: [...keys.map((name) => text(row[name])), String(row.searchId)] };
}

async function countTags(pool: Pool, request: SearchRequest, book: TagBook) {
  const { text, values } = countsSql(request, book);
  const { rows } = await pool.query<{ facet: FacetName | null; tag: number; count: string }>(text, values);
  const isNew = rows.some((row) => !book.tagOf(row.tag));
  const current = isNew ? await readTagBook(pool) : book;
  const counted: CountRow[] = rows.flatMap(({ facet, tag, count }) => {
    const known = current.tagOf(tag);
    return known ? [{ facet, tag: known, count: Number(count) }] : [];
  });
  return { rows: counted, known: current.all };
}

const NEAR_TITLES = 5;

/** Titles that look like the words, for when the words themselves are found nowhere: a slip of the pen, or half a word. */
export async function listNearTitles(words: string): Promise<{ slug: string; title: string }[]> {
  const { rows } = await readPool().query<{ slug: string; title: string }>(
    `SELECT slug, title FROM "Listing" WHERE "isShown" AND $1 <% title
     ORDER BY word_similarity($1, title) DESC, "searchId" LIMIT ${NEAR_TITLES}`,
    [words],
  );
  return rows;
}
