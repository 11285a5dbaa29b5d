import { globSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { endBefore } from "@/app/log/end-before";
import { ownPath } from "@/lib/accounts/return-path";
import { type RawParameters, readBrowseQuery } from "@/lib/catalogue/browse-query";
import { draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { listingSchema } from "@/lib/catalogue/listing";
import { subjectOfPath } from "@/lib/disputes/report";
import { isoDate } from "@/lib/formats/import-parts";
import { readAmount } from "@/lib/ledger/bank/movement";
import { readLogPath, tileWidth } from "@/lib/log/tile-path";
import { checkDraft } from "@/lib/selling/draft-check";
import { draftFormSchema } from "@/lib/selling/draft-form";
import { MAX_INT32, isStorableDate } from "@/lib/shared/column-bounds";
import { isPlainName } from "@/lib/shared/plain-name";
import { isSafeLink } from "@/lib/shared/safe-link";
import { root } from "./domains.mjs";

const numbers = [
  ...[
    "0",
    "-0",
    "-1",
    "1.5",
    "1e3",
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "0x10",
    "١٢",
    "1_000",
    " 1",
    "000",
  ],
  ...[2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 18n, 10n ** 30n].flatMap((n) => [
    `${n}`,
    `-${n}`,
  ]),
  "9".repeat(1_000),
];
const dates = [
  ...[
    "0000-01-01",
    "0000-01-01T00:00:00Z",
    "0000-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00+23:59",
    "-000001-01-01",
  ],
  ...[
    "+275760-09-13",
    "+010000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30",
    "2026-13-01",
    "99999999999",
  ],
];
const texts = [
  ...[
    "",
    " ",
    "\uD800",
    "\u202Egnp.exe",
    "a\u200Bb",
    "__proto__",
    "constructor",
    "%E0%A4%A",
    "%00",
    "[object Object]",
  ],
  ...[
    "javascript:alert(1)",
    "https://a:b@example.org",
    "http://example.org",
    "data:text/html,x",
    "a".repeat(1_000_000),
  ],
];
const things = [
  null,
  undefined,
  true,
  1,
  -1,
  1.5,
  2 ** 53,
  1e300,
  Number.NaN,
  Infinity,
  5n,
  [],
  ["a"],
  {},
  { a: 1 },
  new Date(0),
  new Date(NaN),
  new Date("0000-01-01T00:00:00Z"),
  Symbol("a"),
  () => 1,
];
const harmful: unknown[] = [...numbers, ...dates, ...texts, ...things];

/** Whatever a schema lets through fits its column. */
function expectStorable(value: unknown): void {
  if (typeof value === "number" && Number.isInteger(value))
    expect(Math.abs(value)).toBeLessThanOrEqual(MAX_INT32);
  else if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === "bigint") expect(BigInt.asIntN(64, value)).toBe(value);
  else if (value instanceof Date) expect(isStorableDate(value)).toBe(true);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(expectStorable);
}

const files = globSync("lib/*/{schemas,claim-schemas}.ts", { cwd: root });

describe.each(files)("%s", (file) => {
  test("every field refuses a harmful value or reads what its column holds, and never throws", async () => {
    const found = (await import(/* @vite-ignore */ path.join(root, file))) as Record<string, unknown>;
    const schemas = Object.values(found).filter((value) => value instanceof z.ZodType);
    expect(schemas.length).toBeGreaterThan(0);
    for (const schema of schemas) {
      const fields: z.ZodType[] =
        schema instanceof z.ZodObject ? (Object.values(schema.shape) as z.ZodType[]) : [];
      for (const field of [schema, ...fields]) {
        for (const value of harmful) {
          const read = field.safeParse(value);
          if (read.success) expectStorable(read.data);
        }
      }
    }
  });
});

test.each(Object.entries(listingSchema.shape))(
  "a listing's %s refuses what its column does not hold",
  (_, field) => {
    for (const value of harmful) {
      for (const given of [
        value,
        [value],
        [{ name: value, url: value, rowCount: value, fromDate: value, termMonths: value }],
      ]) {
        const read = field.safeParse(given);
        if (read.success) expectStorable(read.data);
      }
    }
  },
);

test("names of a listing hold nothing unseen, and its links are safe", () => {
  const origin = { name: "a", use: "training" };
  const { dataOrigins, title, contributors, baseModels, licenceSpdx, rights } = listingSchema.shape;
  for (const value of texts.filter((text) => text.length < 100)) {
    const named = [
      title.safeParse(value),
      dataOrigins.safeParse([{ ...origin, name: value }]),
      contributors.safeParse([{ name: value, shareBasisPoints: 1 }]),
      baseModels.safeParse([value]),
      licenceSpdx.safeParse(value),
      rights.safeParse({ fieldOfUse: value }),
    ];
    if (!isPlainName(value)) expect(named.map(({ success }) => success)).toEqual(named.map(() => false));
    expect(dataOrigins.safeParse([{ ...origin, url: value }]).success).toBe(isSafeLink(value));
  }
});

const formNames = [
  "title",
  "parts",
  "parts.weights",
  "parts.weights.price",
  "rights",
  "rights.modify",
  "events",
  "events.0",
  "events.0.fromDate",
  "dataOrigins",
  "dataOrigins.0.name",
  "dataOrigins.0.rowCount",
  "dataOrigins.99999999999.name",
  "dataOrigins.-1.name",
  "contributors.0.sharePercent",
  "limitations.old_data",
  "limitations.old_data.presence",
  "fillings",
  "__proto__",
  "__proto__.a",
  "parts.__proto__.price",
  "title.constructor.prototype",
  "a[b]",
  "title[0]",
];

test("a draft's form with two fields of one prefix is read or refused, in whatever order they come", () => {
  for (const first of formNames) {
    for (const second of formNames) {
      for (const value of ["1", "present", "2026-01-01"]) {
        const form = Object.fromEntries([
          ["draftId", "d"],
          ["revision", "0"],
          [first, value],
          [second, value],
        ]);
        expect(() => draftFormSchema.safeParse(form)).not.toThrow();
      }
    }
  }
});

test.each(["revision", "drawn"])("a draft form's %s is a number its column holds", (name) => {
  for (const value of harmful) {
    const read = draftFormSchema.safeParse({ draftId: "d", revision: "0", [name]: value });
    if (read.success) expectStorable(read.data[name as "revision"]);
  }
});

test("a draft with a harmful value in any field is told what is wrong, or becomes a listing that can be stored", () => {
  for (const value of [...numbers, ...dates, ...texts].map((text) => text.slice(0, 10))) {
    const fields = draftFieldsSchema.safeParse({
      title: "Fine",
      contact: "me",
      scope: "parts",
      declaredLevel: value,
      languages: value,
      parts: { training_data: { pricing: "one_off", price: value, termMonths: value.slice(0, 6) } },
      dataOrigins: [{ name: value, url: value, rowCount: value }],
      contributors: [{ name: value, sharePercent: value }],
      events: [{ text: "It began.", fromDate: value, toDate: value }],
    });
    expect(fields.success).toBe(true);
    if (!fields.success) continue;
    const facts = {
      fields: fields.data,
      card: "# Fine",
      files: [],
      currency: "EUR",
      demoOrigin: null,
      contributorIds: new Map(),
    };
    const { listing, problems } = checkDraft(facts);
    if (problems.length === 0) expectStorable(listingSchema.parse(listing));
  }
});

const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
const sorts = ["cost", "price", "evidence", "newest", "relevance"];
const parameterNames = [
  "q",
  "task",
  "domain",
  "language",
  "part",
  "right",
  "minEvidence",
  "maxPriceMinor",
  "maxCostPer1kCorrectMinor",
  "excludeLimitation",
  "notStated",
  "sort",
  "limit",
  "cursor",
  "__proto__",
  "constructor",
];
const strings = [...numbers, ...dates, ...texts];

test("every parameter of the search is read into what a column holds, or left out and named", () => {
  for (const name of parameterNames) {
    for (const value of strings) {
      const parameters: RawParameters[] = [
        [[name, value]],
        [
          [name, value],
          [name, value],
        ],
      ];
      for (const given of parameters) expectStorable(readBrowseQuery(given).query);
    }
  }
});

test("a cursor of the search holds only keys that its columns hold", () => {
  for (const sort of sorts) {
    for (const value of [...strings, "1e-99", "1e-46", "9.9e-99"]) {
      for (const key of [
        [value, "1"],
        ["1", value],
        ["claimed", value, "1"],
        ["claimed", "1", value],
        [value],
      ]) {
        const { query } = readBrowseQuery([
          ["q", "a"],
          ["sort", sort],
          ["cursor", cursorOf(sort, ...key)],
        ]);
        const [first = "", ...ids] = query.cursor?.key ?? [];
        for (const id of ids) expect(Number(id)).toBeLessThanOrEqual(MAX_INT32);
        if (!query.cursor) continue;
        if (sort === "newest") expect(isStorableDate(new Date(first))).toBe(true);
        if (sort === "relevance") expect(Number(first) === 0 || Math.fround(Number(first)) > 0).toBe(true);
        if (sort === "cost" || sort === "price") expectStorable(BigInt(first));
      }
    }
  }
});

test("every other reader of an address takes any text", () => {
  for (const value of strings) {
    expect(endBefore(value, 10n)).toBeLessThanOrEqual(10n);
    expect(endBefore([value, value], 10n)).toBe(10n);
    expect(ownPath(value)).toMatch(/^\//);
    for (const page of [value, `/listings/${value}`, `/people/${value}`, `/deals/${value}?${value}`])
      expect(subjectOfPath(page).name.length).toBeLessThanOrEqual(500);
    for (const tile of [
      `tile/0/${value}`,
      `tile/${value}/000`,
      `tile/entries/000.p/${value}`,
      `tile/0/${"x999/".repeat(6)}999`,
    ]) {
      const read = readLogPath(tile);
      if (read) expect(tileWidth(0, read.index, 1_000n)).toBeLessThanOrEqual(256);
    }
  }
});

test("dates and amounts of foreign files are read into what a column holds", () => {
  for (const value of strings) {
    const date = isoDate(value);
    if (date !== null) expect(isStorableDate(new Date(date))).toBe(true);
    const amount = readAmount(value, "EUR", ".");
    if (amount !== null) expect(amount.toString().length).toBeLessThan(25);
  }
});
