import "server-only";
import type { Pool } from "pg";
import type { TagNumbers } from "../browse-sql";
import type { Tag, TagKind } from "../facet-tag";

export type TagBook = TagNumbers & { tagOf: (id: number) => Tag | undefined; all: Tag[] };

const books = new WeakMap<Pool, TagBook>();

/**
 * The numbers of all tags, kept in memory: a tag, once made, never changes. A book is read again when a listing
 * carries a tag that it does not know, or a filter asks for one.
 */
export async function findTagBook(pool: Pool, wanted: readonly Tag[] = []): Promise<TagBook> {
  const known = books.get(pool);
  if (known && wanted.every((tag) => known.idOf(tag) !== undefined)) return known;
  return readTagBook(pool);
}

export async function readTagBook(pool: Pool): Promise<TagBook> {
  const { rows } = await pool.query<{ id: number; kind: TagKind; value: string }>(
    `SELECT id, kind, value FROM "FacetTag" ORDER BY id`,
  );
  const byId = new Map(rows.map((row) => [row.id, { kind: row.kind, value: row.value }]));
  const ids = new Map(rows.map((row) => [`${row.kind}:${row.value}`, row.id]));
  const book: TagBook = {
    idOf: ({ kind, value }) => ids.get(`${kind}:${value}`),
    tagOf: (id) => byId.get(id),
    all: [...byId.values()],
  };
  books.set(pool, book);
  return book;
}
