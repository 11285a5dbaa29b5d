import "server-only";
import type { Pool } from "pg";
import { PrismaPg } from "@prisma/adapter-pg";
import { env } from "@/lib/platform/env";
import { openReadPool } from "@/lib/platform/read-pool";
import { PrismaClient } from "@/prisma/generated/client";
import { conditionsOf } from "../browse-filter";
import { type BrowseQuery, effectiveSort, emptyQuery } from "../browse-query";
import { countsSql, pageSql, type SearchRequest } from "../browse-sql";
import { foldSearchChanges } from "../commands/fold-search-changes";
import {
  benchDomains,
  benchLimitations,
  benchTasks,
  benchWords,
  fillCatalogue,
  randomOf,
  zipf,
} from "./bench-catalogue.fixture";
import { ROWS } from "./listing-rows";
import { searchListings } from "./search-listings";
import { findTagBook } from "./tag-numbers";

const REPEATS = 60;
const WARM_UP = 12;

const classes: Record<string, (random: () => number) => BrowseQuery> = {
  /** Task, domain, an exclusion, a price limit and a common word, by relevance. */
  narrow: (random) => ({
    ...emptyQuery,
    q: zipf(benchWords.slice(0, 60), random),
    task: [zipf(benchTasks, random)],
    domain: [zipf(benchDomains, random)],
    excludeLimitation: [zipf(benchLimitations, random)],
    maxPriceMinor: BigInt(100 + Math.floor(random() * 900)),
  }),
  /** A task and two exclusions, by price. */
  broad: (random) => ({
    ...emptyQuery,
    task: [zipf(benchTasks, random)],
    excludeLimitation: [...new Set([zipf(benchLimitations, random), zipf(benchLimitations, random)])],
    sort: "price",
  }),
  /** The front page with another order. */
  unfiltered: () => ({ ...emptyQuery, sort: "newest" }),
};

/** Fills the scratch database of DATABASE_URL with the number of listings given, measures, and prints a line of JSON a class. */
async function main(): Promise<void> {
  const size = Number(process.argv[2]);
  const { DATABASE_URL: url } = env();
  const writer = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url }),
    transactionOptions: { timeout: 120_000 },
  });
  const loading = openReadPool(url, { isReadOnly: false });
  await fillCatalogue(loading, size);
  const foldMs = await timed(async () => {
    while ((await writer.$transaction((tx) => foldSearchChanges(tx))) > 0);
  });
  await loading.query("VACUUM ANALYZE");
  console.log(`filled; bits folded in ${Math.round(foldMs)} ms, ${(foldMs / size).toFixed(2)} ms a listing`);
  const pool = openReadPool(url);
  for (const [name, make] of Object.entries(classes))
    console.log(JSON.stringify(await measure(pool, name, make, size)));
  await Promise.all([pool.end(), loading.end(), writer.$disconnect()]);
}

async function measure(pool: Pool, name: string, make: (random: () => number) => BrowseQuery, size: number) {
  const random = randomOf(7);
  const queries = Array.from({ length: WARM_UP + REPEATS }, () => make(random));
  const own: number[] = [];
  const bare: number[] = [];
  let matches = 0;
  for (const [index, query] of queries.entries()) {
    const statements = await bareStatements(pool, query);
    // One after the other and in turn first, so that neither finds the other's pages warm more often.
    const ask = async () =>
      own.push(await timed(async () => void (matches += (await searchListings(query, pool)).total)));
    const askBare = async () => bare.push(await timed(() => runBare(pool, statements)));
    for (const turn of index % 2 === 0 ? [ask, askBare] : [askBare, ask]) await turn();
  }
  const [mine, floor] = [own.slice(WARM_UP), bare.slice(WARM_UP)];
  return {
    listings: size,
    class: name,
    matches: Math.round(matches / queries.length),
    p50: round(quantile(mine, 0.5)),
    p95: round(quantile(mine, 0.95)),
    bareP50: round(quantile(floor, 0.5)),
    ratio: round(quantile(mine, 0.5) / quantile(floor, 0.5)),
  };
}

/** The very statements of the query function, composed beforehand. */
async function bareStatements(pool: Pool, query: BrowseQuery) {
  const request: SearchRequest = {
    words: query.q,
    conditions: conditionsOf(query),
    sort: effectiveSort(query),
    cursor: null,
    limit: query.limit,
  };
  const book = await findTagBook(pool);
  return { page: pageSql(request, book), counts: countsSql(request, book), limit: query.limit };
}

async function runBare(pool: Pool, { page, counts, limit }: Awaited<ReturnType<typeof bareStatements>>) {
  const rowsOfPage = async () => {
    const { rows } = await pool.query<{ searchId: number }>(page.text, page.values);
    await pool.query(ROWS, [rows.slice(0, limit).map((row) => row.searchId)]);
  };
  await Promise.all([rowsOfPage(), pool.query(counts.text, counts.values)]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function quantile(numbers: readonly number[], share: number): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? 0;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}

await main();
