import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { type BrowseQuery, emptyQuery, type SortName } from "../browse-query";
import { foldSearchChanges } from "../commands/fold-search-changes";
import { reindexListing } from "../commands/reindex-listing";
import type { LimitationType } from "../limitation";
import type { PartName } from "../part";
import { type EvidenceGradeName, evidenceGrades } from "../standing";
import { searchListings } from "./search-listings";

/** A listing as the brute-force model knows it. */
type Plain = {
  status: "open" | "paused";
  title: string;
  task: (typeof tasks)[number];
  domain: (typeof domains)[number];
  languages: string[];
  parts: { part: PartName; priceMinor: bigint }[];
  modify: "yes" | "no" | "not_stated";
  redistribute: "yes" | "no" | "not_stated";
  limits: { type: LimitationType; presence: "present" | "absent" }[];
  grade: EvidenceGradeName;
  rows: number;
  cost: bigint | null;
};

const tasks = ["text-classification", "image-classification", "translation"] as const;
const domains = ["e-mail", "weather"] as const;
const languages = ["en", "de", "sw"] as const;
const limits = ["html_input", "long_input", "slow"] as const;
const parts = ["weights", "hosted_access", "training_data"] as const;

const plain: fc.Arbitrary<Plain> = fc.record({
  status: fc.constantFrom("open", "open", "open", "paused"),
  title: fc.constantFrom("Spam caller", "Rain caller", "Shelf sorter", "Spam sorter"),
  task: fc.constantFrom(...tasks),
  domain: fc.constantFrom(...domains),
  languages: fc.uniqueArray(fc.constantFrom(...languages), { minLength: 1, maxLength: 2 }),
  parts: fc.uniqueArray(
    fc.record({
      part: fc.constantFrom(...parts),
      priceMinor: fc.constantFrom(1n, 3n, 100n, 101n, 4900n, 5000n),
    }),
    { selector: (one) => one.part, minLength: 1, maxLength: 3 },
  ),
  modify: fc.constantFrom("yes", "no", "not_stated"),
  redistribute: fc.constantFrom("yes", "no", "not_stated"),
  limits: fc.uniqueArray(
    fc.record({ type: fc.constantFrom(...limits), presence: fc.constantFrom("present", "absent") }),
    { selector: (one) => one.type, maxLength: 3 },
  ),
  grade: fc.constantFrom(...evidenceGrades),
  rows: fc.nat(3),
  cost: fc.option(fc.constantFrom(0n, 900n, 1000n, 1001n, 5_000n, 7_777n), { nil: null }),
});

const query: fc.Arbitrary<BrowseQuery> = fc.record({
  q: fc.constantFrom("", "", "spam", "sorter", "nothing"),
  task: fc.subarray([...tasks], { maxLength: 2 }),
  domain: fc.subarray([...domains], { maxLength: 1 }),
  language: fc.subarray([...languages, "fr"], { maxLength: 2 }),
  part: fc.subarray([...parts], { maxLength: 2 }),
  right: fc.subarray(["modify", "redistribute"]),
  minEvidence: fc.option(fc.constantFrom(...evidenceGrades), { nil: null }),
  maxPriceMinor: fc.option(fc.constantFrom(0n, 1n, 2n, 100n, 4950n, 9999n), { nil: null }),
  maxCostPer1kCorrectMinor: fc.option(fc.constantFrom(0n, 1n, 3n, 5n, 8n), { nil: null }),
  excludeLimitation: fc.subarray([...limits], { maxLength: 2 }),
  notStated: fc.constantFrom("pass", "hide"),
  sort: fc.constantFrom<SortName | null>("cost", "price", "evidence", "newest", null),
  limit: fc.constantFrom(1, 3, 100),
  cursor: fc.constant(null),
});

let shared: { modelId: string; versionId: string };

beforeAll(async () => {
  await openInstallation();
  const model = await db.model.create({ data: { ownerId: "seller", name: "m" } });
  const version = await db.modelVersion.create({ data: { modelId: model.id, number: 1, kind: "card_only" } });
  shared = { modelId: model.id, versionId: version.id };
});

beforeEach(clear);

async function clear() {
  await db.$executeRaw`DELETE FROM "ListingPart"`;
  await db.$executeRaw`DELETE FROM "Listing"`;
  await db.$executeRaw`TRUNCATE "TagBits", "SearchChange"`;
}

let number = 0;

async function insert(one: Plain): Promise<string> {
  const { parts: offered, limits: stated, cost, modify, redistribute, task, domain, title, status } = one;
  return inTransaction(async (tx) => {
    const { id } = await tx.listing.create({
      data: {
        ...shared,
        ...{ title, status, task, domain, languages: one.languages, modify, redistribute },
        slug: `listing-${number++}`,
        sellerId: "seller",
        contact: "c",
        currency: "EUR",
        evidenceGrade: one.grade,
        evaluatedRows: one.rows,
        costPer1kCorrectMilli: cost,
        costUnknownBecause: cost === null ? "no_evidence" : null,
        publishedAt: new Date(Date.UTC(2026, 0, 1 + one.rows)),
        parts: { create: offered.map((part) => ({ ...part, pricing: "one_off" as const })) },
        limitations: { create: stated },
      },
      select: { id: true },
    });
    await reindexListing(tx, id);
    return id;
  });
}

const orderOfParts = ["weights", "hosted_access", "training_data"];
const priceOf = (one: Plain) =>
  [...one.parts].sort((a, b) => orderOfParts.indexOf(a.part) - orderOfParts.indexOf(b.part))[0]?.priceMinor ??
  0n;
const gradeOf = (one: Plain) => evidenceGrades.indexOf(one.grade);
const stateOf = (one: Plain, type: string) =>
  one.limits.find((limit) => limit.type === type)?.presence ?? null;
const passes = (one: Plain, type: string, notStated: "pass" | "hide") =>
  notStated === "pass" ? stateOf(one, type) !== "present" : stateOf(one, type) === "absent";

/** Each facet as a plain predicate. */
const tests = {
  task: (one: Plain, asked: BrowseQuery) =>
    asked.task.length === 0 || asked.task.some((task) => task === one.task),
  domain: (one: Plain, asked: BrowseQuery) =>
    asked.domain.length === 0 || asked.domain.some((domain) => domain === one.domain),
  language: (one: Plain, asked: BrowseQuery) =>
    asked.language.length === 0 || asked.language.some((language) => one.languages.includes(language)),
  part: (one: Plain, asked: BrowseQuery) =>
    asked.part.length === 0 || one.parts.some(({ part }) => asked.part.includes(part)),
  right: (one: Plain, asked: BrowseQuery) =>
    asked.right.every((right) => one[right as "modify" | "redistribute"] === "yes"),
  minEvidence: (one: Plain, asked: BrowseQuery) =>
    asked.minEvidence === null || gradeOf(one) >= evidenceGrades.indexOf(asked.minEvidence),
  excludeLimitation: (one: Plain, asked: BrowseQuery) =>
    asked.excludeLimitation.every((type) => passes(one, type, asked.notStated)),
  maxPriceMinor: (one: Plain, asked: BrowseQuery) =>
    asked.maxPriceMinor === null || priceOf(one) <= asked.maxPriceMinor,
  maxCostPer1kCorrectMinor: (one: Plain, asked: BrowseQuery) =>
    asked.maxCostPer1kCorrectMinor === null ||
    (one.cost !== null && one.cost <= asked.maxCostPer1kCorrectMinor * 1000n),
};
type Facet = keyof typeof tests;

function matching(all: readonly Plain[], asked: BrowseQuery, without: Facet | null = null): Plain[] {
  return all.filter(
    (one) =>
      one.status === "open" &&
      (asked.q === "" || one.title.toLowerCase().includes(asked.q)) &&
      (Object.keys(tests) as Facet[]).every((facet) => facet === without || tests[facet](one, asked)),
  );
}

const values: [Facet, string, (one: Plain, asked: BrowseQuery) => boolean][] = [
  ...tasks.map((value): (typeof values)[number] => ["task", value, (one) => one.task === value]),
  ...domains.map((value): (typeof values)[number] => ["domain", value, (one) => one.domain === value]),
  ...languages.map((value): (typeof values)[number] => [
    "language",
    value,
    (one) => one.languages.includes(value),
  ]),
  ...parts.map((value): (typeof values)[number] => [
    "part",
    value,
    (one) => one.parts.some(({ part }) => part === value),
  ]),
  ...(["modify", "redistribute"] as const).map((value): (typeof values)[number] => [
    "right",
    value,
    (one) => one[value] === "yes",
  ]),
  ...evidenceGrades.map((value, index): (typeof values)[number] => [
    "minEvidence",
    value,
    (one) => gradeOf(one) >= index,
  ]),
  ...limits.map((value): (typeof values)[number] => [
    "excludeLimitation",
    value,
    (one, asked) => passes(one, value, asked.notStated),
  ]),
];

/** Both keys of a sort, so that equal first keys leave the order to the search number. */
const keyOf: Record<Exclude<SortName, "relevance">, (one: Plain) => number> = {
  cost: (one) => (one.cost === null ? Infinity : Number(one.cost)),
  price: (one) => Number(priceOf(one)),
  evidence: (one) => -(gradeOf(one) * 10 + one.rows),
  newest: (one) => -one.rows,
};

test("total, every facet count and every page agree with a plain filter over random catalogues, folded in or not", async () => {
  const moves = fc.array(fc.constantFrom("fold", "pause", "none"), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(plain, { maxLength: 14 }),
      fc.nat(14),
      moves,
      fc.array(query, { minLength: 3, maxLength: 6 }),
      async (catalogue, foldedAfter, then, queries) => {
        await clear();
        const all: (Plain & { id: string })[] = [];
        for (const [index, one] of catalogue.entries()) {
          if (index === foldedAfter) await inTransaction(foldSearchChanges);
          all.push({ ...one, id: await insert(one) });
        }
        for (const move of then) await change(all, move);
        for (const asked of queries) await expectAgreement(all, asked);
      },
    ),
    { numRuns: 15 },
  );
}, 240_000);

async function change(all: (Plain & { id: string })[], move: "fold" | "pause" | "none") {
  if (move === "fold") await inTransaction(foldSearchChanges);
  const first = all.find((one) => one.status === "open");
  if (move !== "pause" || !first) return;
  first.status = "paused";
  await inTransaction(async (tx) => {
    await tx.listing.update({ where: { id: first.id }, data: { status: "paused" } });
    await reindexListing(tx, first.id);
  });
}

async function expectAgreement(all: (Plain & { id: string })[], asked: BrowseQuery) {
  const expected = matching(all, asked) as (Plain & { id: string })[];
  const found = await searchListings(asked);
  expect(found.total).toBe(expected.length);
  for (const [facet, value, has] of values) {
    const option = found.facets[facet].find((one) => one.value === value);
    const expectedCount = matching(all, asked, facet).filter((one) => has(one, asked)).length;
    // An option that no listing ever had may be missing; that reads as none.
    if (facet !== "excludeLimitation" || option)
      expect([facet, value, option?.count ?? 0]).toEqual([facet, value, expectedCount]);
  }
  const seen = await readAllPages(asked);
  expect([...seen].sort()).toEqual(expected.map((one) => one.id).sort());
  if (asked.sort && asked.sort !== "relevance") {
    const key = keyOf[asked.sort];
    const keys = seen.map((id) => key(expected.find((one) => one.id === id) as Plain));
    expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  }
}

async function readAllPages(asked: BrowseQuery): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: BrowseQuery["cursor"] = null; ;) {
    const page = await searchListings({ ...asked, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(asked.limit);
    ids.push(...page.rows.map((row) => row.id));
    if (!page.next) return ids;
    cursor = page.next;
  }
}

test("a change that is not committed while bits are folded in is not lost", async () => {
  const one: Plain = {
    ...{ status: "open", title: "Spam caller", task: "translation", domain: "weather", languages: ["en"] },
    ...{ parts: [{ part: "weights", priceMinor: 1n }], modify: "yes", redistribute: "no", limits: [] },
    ...{ grade: "claimed", rows: 0, cost: null },
  };
  const id = await insert(one);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let changed = () => {};
  const isChanged = new Promise<void>((resolve) => (changed = resolve));
  const writing = inTransaction(async (tx) => {
    await tx.listing.update({ where: { id }, data: { status: "paused" } });
    await reindexListing(tx, id);
    changed();
    await held;
  });
  await isChanged;
  await inTransaction(foldSearchChanges);
  expect((await searchListings(emptyQuery)).total).toBe(1);
  release();
  await writing;
  expect((await searchListings(emptyQuery)).total).toBe(0);
  await inTransaction(foldSearchChanges);
  expect((await searchListings(emptyQuery)).total).toBe(0);
});
