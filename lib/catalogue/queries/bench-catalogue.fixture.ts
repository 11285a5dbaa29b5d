import "server-only";
import type { Pool } from "pg";
import { type Tag, type TagKind, tagsOf } from "../facet-tag";
import { limitationTypeNames } from "../limitation";
import { domainNames, taskNames } from "../niche";
import type { PartName } from "../part";
import { evidenceGrades } from "../standing";

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of many, the first ones far more often than the last: Zipf's law, as real catalogues have it. */
export function zipf<T>(values: readonly T[], random: () => number): T {
  const place = Math.floor(Math.exp(random() * Math.log(values.length + 1))) - 1;
  return values[Math.min(place, values.length - 1)] as T;
}

export const benchTasks = taskNames.slice(0, 12);
export const benchDomains = domainNames.slice(0, 20);
export const benchLanguages =
  "en de fr es it pt nl pl sv da fi cs sk hu ro bg el tr ru uk ar he fa hi bn ta th vi zh sw".split(" ");
export const benchLimitations = limitationTypeNames.slice(0, 40);
export const benchWords = Array.from({ length: 3000 }, (_, index) => `w${index.toString(36)}ord`);

const WORDS = 48;
const BATCH = 2_000;

/** Fills an empty scratch database with listings of the shape that real ones have. */
export async function fillCatalogue(pool: Pool, size: number): Promise<void> {
  const random = randomOf(size);
  await pool.query(
    `INSERT INTO "Installation" (id, "logOrigin", currency, "isDemo") VALUES (1, 'bench', 'EUR', true)`,
  );
  await pool.query(`INSERT INTO "Model" (id, "ownerId", name) VALUES ('m', 's', 'm')`);
  await pool.query(
    `INSERT INTO "ModelVersion" (id, "modelId", number, kind) VALUES ('v', 'm', 1, 'card_only')`,
  );
  const indexes = await dropSearchIndexes(pool);
  const numbers = new Map<string, number>();
  for (let first = 1; first <= size; first += BATCH)
    await insertBatch(pool, first, Math.min(BATCH, size - first + 1), random, numbers);
  const tags = [...numbers].map(([name, id]) => [id, ...name.split(/:(.*)/s)] as const);
  await pool.query(
    `INSERT INTO "FacetTag" (id, kind, value) SELECT * FROM unnest($1::int[], $2::text[], $3::text[])`,
    [tags.map(([id]) => id), tags.map(([, kind]) => kind), tags.map(([, , value]) => value)],
  );
  for (const index of indexes) await pool.query(index);
  await pool.query(`INSERT INTO "SearchChange" ("searchId") SELECT "searchId" FROM "Listing"`);
}

async function dropSearchIndexes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'Listing' AND indexdef LIKE '%WHERE "isShown"'`,
  );
  for (const { indexname } of rows) await pool.query(`DROP INDEX "${indexname}"`);
  return rows.map((row) => row.indexdef);
}

async function insertBatch(
  pool: Pool,
  first: number,
  count: number,
  random: () => number,
  numbers: Map<string, number>,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => syntheticListing(first + index, random, numbers));
  await pool.query(
    `INSERT INTO "Listing" (id, "searchId", slug, "sellerId", "modelId", "versionId", title, contact, task, domain, languages,
       "evidenceGrade", "evaluatedRows", "costPer1kCorrectMilli", "costUnknownBecause", "priceMinor", currency, tags, "searchText", "publishedAt")
     SELECT r.id::text, r.id, 'l' || r.id, 's', 'm', 'v', r.title, 'c', r.task, r.domain, ARRAY[r.language],
       r.grade::"EvidenceGrade", r.rows, r.cost, NULL, r.price, 'EUR', r.tags::int[], to_tsvector('english', r.words), '2026-01-01'::timestamptz + r.id * interval '1 minute'
     FROM jsonb_to_recordset($1) AS r(id int, title text, task text, domain text, language text, grade text, rows int, cost bigint, price bigint, tags text, words text)`,
    [JSON.stringify(rows)],
  );
  await pool.query(
    `INSERT INTO "ListingPart" (id, "listingId", part, pricing, "priceMinor")
     SELECT 'p' || r.id, r.id::text, 'weights', 'one_off', r.price FROM jsonb_to_recordset($1) AS r(id int, price bigint)`,
    [JSON.stringify(rows)],
  );
  await pool.query(
    `INSERT INTO "ListingLimitation" (id, "listingId", type)
     SELECT r.id || '-' || t.type, r.id::text, t.type FROM jsonb_to_recordset($1) AS r(id int, limits jsonb), jsonb_array_elements_text(r.limits) AS t(type)`,
    [JSON.stringify(rows)],
  );
}

function syntheticListing(id: number, random: () => number, numbers: Map<string, number>) {
  const limits = [
    ...new Set(Array.from({ length: Math.floor(random() * 6) }, () => zipf(benchLimitations, random))),
  ];
  const price = Math.max(1, Math.round(Math.exp(6 + 1.5 * (random() + random() + random() - 1.5))));
  const facts = {
    task: zipf(benchTasks, random),
    domain: zipf(benchDomains, random),
    language: zipf(benchLanguages, random),
    grade: zipf(evidenceGrades, random),
    cost: price * 10 + Math.floor(random() * 1000),
  };
  const parts: PartName[] = ["weights"];
  const right = () => (random() < 0.5 ? "yes" : "not_stated");
  const tags = tagsOf({
    ...facts,
    isShown: true,
    languages: [facts.language],
    evidenceGrade: facts.grade,
    rights: { useCommercially: right(), modify: right(), redistribute: right(), sublicense: right() },
    offeredParts: parts,
    limitations: limits.map((type) => ({ type, presence: random() < 0.85 ? "present" : "absent" })),
    priceMinor: BigInt(price),
    costPer1kCorrectMilli: BigInt(facts.cost),
  });
  const words = Array.from({ length: WORDS }, () => zipf(benchWords, random)).join(" ");
  const ids = tags.map((tag) => numberOf(tag, numbers)).sort((a, b) => a - b);
  return {
    ...facts,
    id,
    title: `Listing ${id}`,
    rows: Math.floor(random() * 10_000),
    price,
    limits,
    words,
    tags: `{${ids.join(",")}}`,
  };
}

function numberOf(
  { kind, value }: { kind: TagKind; value: string } & Tag,
  numbers: Map<string, number>,
): number {
  const name = `${kind}:${value}`;
  const known = numbers.get(name) ?? numbers.size + 1;
  numbers.set(name, known);
  return known;
}
