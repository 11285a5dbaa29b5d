import type { PageCursor, SortName } from "./browse-query";
import {
  type FacetCondition,
  type FacetName,
  facetKinds,
  facetNames,
  type TagCondition,
} from "./browse-filter";
import type { Tag, TagKind } from "./facet-tag";

/** The numbers that tags have in the database. */
export type TagNumbers = { idOf: (tag: Tag) => number | undefined };

export type Sql = { text: string; values: unknown[] };

export type SearchRequest = {
  words: string;
  conditions: readonly FacetCondition[];
  sort: SortName;
  cursor: PageCursor | null;
  limit: number;
};

/** Collects the values of a statement and hands out their placeholders. */
class Values {
  readonly list: unknown[] = [];
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

const NO_AMOUNT = "9223372036854775807";

/** How rows are ordered: the key's expressions, their types and the direction all of them share. */
function orderOf(
  sort: SortName,
  words: string,
): { keys: string[]; types: string[]; direction: "ASC" | "DESC" } {
  const id = `l."searchId"`;
  switch (sort) {
    case "cost":
      return {
        keys: [`coalesce(l."costPer1kCorrectMilli", ${NO_AMOUNT})`, id],
        types: ["int8", "int4"],
        direction: "ASC",
      };
    case "price":
      return {
        keys: [`coalesce(l."priceMinor", ${NO_AMOUNT})`, id],
        types: ["int8", "int4"],
        direction: "ASC",
      };
    case "evidence":
      return {
        keys: [`l."evidenceGrade"`, `l."evaluatedRows"`, id],
        types: [`"EvidenceGrade"`, "int4", "int4"],
        direction: "DESC",
      };
    case "newest":
      return { keys: [`l."publishedAt"`, id], types: ["timestamptz", "int4"], direction: "DESC" };
    case "relevance":
      return {
        keys: [`ts_rank(l."searchText", ${words})`, id],
        types: ["float4", "int4"],
        direction: "DESC",
      };
    default:
      return sort satisfies never;
  }
}

/** One page of search numbers with their sort keys, one row more than asked for to tell whether there is another. */
export function pageSql(request: SearchRequest, tags: TagNumbers): Sql {
  const values = new Values();
  const words = request.words === "" ? "" : wordsSql(request.words, values);
  const where = rowConditions(request, null, tags, values, words);
  const { keys, types, direction } = orderOf(request.sort, words);
  if (request.cursor) {
    const from = request.cursor.key.map((part, index) => values.add(part, types[index] ?? "text"));
    where.push(`(${keys.join(", ")}) ${direction === "ASC" ? ">" : "<"} (${from.join(", ")})`);
  }
  const text = `SELECT l."searchId", ${keys
    .slice(0, -1)
    .map((key, index) => `${key} AS key${index}`)
    .join(", ")}
FROM "Listing" l WHERE ${where.join(" AND ")}
ORDER BY ${keys.map((key) => `${key} ${direction}`).join(", ")} LIMIT ${request.limit + 1}`;
  return { text, values: values.list };
}

/**
 * Counts of every tag, in rows of (facet, tag, count). `facet` is null for facets without a choice, whose counts are
 * of everything that matches and among which the tag "shown" is the total. A chosen facet is counted without its own
 * choice.
 *
 * Without words, bits are counted for listings folded in, and rows only for the others and for the one band that a
 * limit cuts. With words, the matches' rows are counted.
 */
export function countsSql(request: SearchRequest, tags: TagNumbers): Sql {
  const values = new Values();
  const words = request.words === "" ? "" : wordsSql(request.words, values);
  const facets: (FacetName | null)[] = [null, ...request.conditions.map((condition) => condition.facet)];
  const tables: string[] = [];
  const selects = facets.flatMap((facet, index) => {
    const wanted = facet ? tagsOfKinds([...facetKinds[facet], "shown"], values) : null;
    if (words !== "")
      return [countRows(`"Listing" l`, rowConditions(request, facet, tags, values, words), facet, wanted)];
    tables.push(`m${index} AS MATERIALIZED (${matchingBits(request, facet, tags, values)})`);
    return [countBits(`m${index}`, facet, wanted), ...countUnfolded(request, facet, tags, values, wanted)];
  });
  const head = words === "" ? `${UNFOLDED}${tables.map((table) => `, ${table}`).join("\n")}\n` : "";
  return { text: `${head}${selects.join("\nUNION ALL\n")}`, values: values.list };
}

/** Tags that a chosen facet's own counts need, with "shown" for its total, from which exclusions are subtracted. */
function tagsOfKinds(kinds: readonly TagKind[], values: Values): string {
  return `ARRAY(SELECT id FROM "FacetTag" WHERE kind = ANY(${values.add(kinds, "text[]")}))`;
}

const NO_BITS = "repeat('0', 32768)::bit(32768)";

/** Listings whose bits are out of date, and the same as bits. */
const UNFOLDED = `WITH unfolded AS MATERIALIZED (SELECT "searchId" FROM "SearchChange"),
stale AS MATERIALIZED (
  SELECT "searchId" >> 15 AS block, bit_or(set_bit(${NO_BITS}, "searchId" & 32767, 1)) AS bits FROM unfolded GROUP BY 1
)`;

/** For each block the listings that match, without one facet's condition and without those not folded in. */
function matchingBits(
  request: SearchRequest,
  without: FacetName | null,
  tags: TagNumbers,
  values: Values,
): string {
  const shown = tagsOfKinds(["shown"], values);
  const parts = [`b.bits & ~coalesce(stale.bits, ${NO_BITS})`];
  const joins: string[] = [];
  for (const [index, condition] of request.conditions.entries()) {
    if (condition.facet === without) continue;
    const { want, tags: list } = condition.tags ?? condition.amount.bands;
    const known = list.map(tags.idOf).filter((id) => id !== undefined);
    if (want === "none" && known.length === 0) continue;
    const ids = values.add(want === "all" && known.length < list.length ? [] : known, "int[]");
    const combine = want === "all" ? "bit_and" : "bit_or";
    const having = want === "all" ? ` HAVING count(*) = ${list.length}` : "";
    joins.push(
      `${want === "none" ? "LEFT JOIN" : "JOIN"} (SELECT block, ${combine}(bits) AS bits FROM "TagBits" WHERE tag = ANY(${ids}) GROUP BY block${having}) c${index} USING (block)`,
    );
    parts.push(want === "none" ? `~coalesce(c${index}.bits, ${NO_BITS})` : `c${index}.bits`);
  }
  return `SELECT b.block, ${parts.join(" & ")} AS bits FROM "TagBits" b LEFT JOIN stale USING (block) ${joins.join(" ")} WHERE b.tag = ANY(${shown})`;
}

function countBits(matches: string, facet: FacetName | null, wanted: string | null): string {
  return `SELECT ${facetText(facet)} AS facet, t.tag, sum(bit_count(t.bits & m.bits))::int8 AS count
FROM "TagBits" t JOIN ${matches} m USING (block) ${wanted ? `WHERE t.tag = ANY(${wanted}) ` : ""}GROUP BY t.tag`;
}

/** The rows that bits cannot count: those not folded in, and those in the band that a limit cuts. */
function countUnfolded(
  request: SearchRequest,
  without: FacetName | null,
  tags: TagNumbers,
  values: Values,
  wanted: string | null,
): string[] {
  const where = rowConditions(request, without, tags, values, "");
  const selects = [countRows(`unfolded u JOIN "Listing" l USING ("searchId")`, where, without, wanted)];
  const cut = request.conditions.flatMap(({ facet, amount }) =>
    facet !== without && amount && amount.edge !== null
      ? [`l."${amount.column}" > ${values.add(amount.edge, "int8")}`]
      : [],
  );
  if (cut.length > 0) {
    const isFolded = `NOT EXISTS (SELECT 1 FROM unfolded u WHERE u."searchId" = l."searchId")`;
    selects.push(countRows(`"Listing" l`, [...where, `(${cut.join(" OR ")})`, isFolded], without, wanted));
  }
  return selects;
}

function countRows(from: string, where: string[], facet: FacetName | null, wanted: string | null): string {
  const all = wanted ? [...where, `t.tag = ANY(${wanted})`] : where;
  return `SELECT ${facetText(facet)} AS facet, t.tag, count(*) AS count FROM ${from}, unnest(l.tags) AS t(tag) WHERE ${all.join(" AND ")} GROUP BY t.tag`;
}

function facetText(facet: FacetName | null): string {
  if (facet !== null && !facetNames.includes(facet)) throw new Error("Not a facet.");
  return facet === null ? "NULL::text" : `'${facet}'`;
}

function wordsSql(words: string, values: Values): string {
  return `websearch_to_tsquery('english', ${values.add(words, "text")})`;
}

/** The conditions on a row, leaving out those of one facet. */
function rowConditions(
  request: SearchRequest,
  without: FacetName | null,
  tags: TagNumbers,
  values: Values,
  words: string,
): string[] {
  const where = [`l."isShown"`];
  if (words !== "") where.push(`l."searchText" @@ ${words}`);
  for (const { facet, tags: condition, amount } of request.conditions) {
    if (facet === without) continue;
    if (condition) where.push(...tagConditionSql(condition, tags, values));
    else {
      where.push(`l."${amount.column}" <= ${values.add(amount.limit, "int8")}`);
      if (words !== "") where.push(`l.tags && ${bandsSql(amount.touched, values)}`);
    }
  }
  return where;
}

/**
 * The numbers of bands, for the index of words and tags: it then fetches no row whose band says that it is above the
 * limit. Read in the statement itself, because a band that nobody was in before is in no book yet.
 */
function bandsSql(bands: readonly Tag[], values: Values): string {
  const kinds = values.add([...new Set(bands.map(({ kind }) => kind))], "text[]");
  const numbers = values.add(
    bands.map(({ value }) => value),
    "text[]",
  );
  return `ARRAY(SELECT id FROM "FacetTag" WHERE kind = ANY(${kinds}) AND value = ANY(${numbers}))`;
}

function tagConditionSql({ want, tags: list }: TagCondition, tags: TagNumbers, values: Values): string[] {
  const known = list.map(tags.idOf).filter((id) => id !== undefined);
  if (want === "none") return known.length === 0 ? [] : [`NOT l.tags && ${values.add(known, "int[]")}`];
  if (known.length === 0 || (want === "all" && known.length < list.length)) return ["false"];
  const operator = want === "all" || known.length === 1 ? "@>" : "&&";
  return [`l.tags ${operator} ${values.add(known, "int[]")}`];
}
