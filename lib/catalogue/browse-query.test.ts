import fc from "fast-check";
import { expect, test } from "vitest";
import {
  browseHref,
  browseParameters,
  type BrowseQuery,
  emptyQuery,
  parameterNames,
  readBrowseQuery,
  writeCursor,
} from "./browse-query";

const read = (address: string) => readBrowseQuery([...new URL(address, "http://x").searchParams]);

test("every parameter is read into the query", () => {
  const { query, bad } = read(
    "/?q=spam&task=text-classification&task=translation&domain=e-mail&language=sw&part=weights&right=modify&minEvidence=third_party&maxPriceMinor=9000&maxCostPer1kCorrectMinor=2&excludeLimitation=html_input&notStated=hide&sort=price&limit=7",
  );
  expect(bad).toEqual([]);
  expect(query).toEqual({
    ...emptyQuery,
    ...{ q: "spam", task: ["text-classification", "translation"], domain: ["e-mail"], language: ["sw"] },
    ...{ part: ["weights"], right: ["modify"], minEvidence: "third_party", maxPriceMinor: 9000n },
    ...{
      maxCostPer1kCorrectMinor: 2n,
      excludeLimitation: ["html_input"],
      notStated: "hide",
      sort: "price",
      limit: 7,
    },
  } satisfies BrowseQuery);
});

test.each([
  ["foo=1", "foo"],
  ["task=nope", "task"],
  ["task=constructor", "task"],
  ["__proto__=1", "__proto__"],
  ["toString=1", "toString"],
  ["minEvidence=claimed&minEvidence=claimed", "minEvidence"],
  ["maxPriceMinor=-1", "maxPriceMinor"],
  ["maxPriceMinor=1.5", "maxPriceMinor"],
  ["maxPriceMinor=9999999999999999", "maxPriceMinor"],
  ["limit=0", "limit"],
  ["limit=101", "limit"],
  ["limit=abc", "limit"],
  ["language=", "language"],
  ["language=not a language", "language"],
  ["sort=best", "sort"],
  ["notStated=maybe", "notStated"],
  ["cursor=%F0%9F%98%80", "cursor"],
  ["cursor=W10", "cursor"],
  ["q=%00", "q"],
])("names the bad parameter of ?%s and keeps the default", (search, parameter) => {
  const { query, bad } = read(`/?${search}`);
  expect(bad.map((one) => one.parameter)).toContain(parameter);
  expect(browseParameters(query).filter(([name]) => name === parameter).length).toBeLessThanOrEqual(1);
});

test("a cursor of another sort is refused", () => {
  const cursor = writeCursor({ sort: "price", key: ["100", "7"] });
  expect(read(`/?sort=price&cursor=${cursor}`).bad).toEqual([]);
  expect(read(`/?sort=cost&cursor=${cursor}`).bad).toEqual([
    { parameter: "cursor", message: "belongs to another sort" },
  ]);
});

test("a cursor whose numbers no database can hold is refused", () => {
  const cursor = writeCursor({ sort: "price", key: ["9999999999999999999", "7"] });
  expect(read(`/?sort=price&cursor=${cursor}`).query.cursor).toBeNull();
  const day = writeCursor({ sort: "newest", key: ["2026-02-40T00:00:00.000Z", "7"] });
  expect(read(`/?sort=newest&cursor=${day}`).query.cursor).toBeNull();
});

test("junk never throws, and what was read is written to an address that reads the same", () => {
  const name = fc.oneof(fc.constantFrom(...parameterNames), fc.string());
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "text-classification",
      "html_input",
      "en",
      "zh-Hant",
      "modify",
      "hide",
      "0",
      "5",
      "newest",
    ),
    fc.bigInt().map(String),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 40 }), (parameters) => {
      const { query } = readBrowseQuery(parameters);
      const again = read(browseHref(query, { cursor: query.cursor }));
      expect(again.bad).toEqual([]);
      expect(again.query).toEqual(query);
    }),
    { numRuns: 500 },
  );
});

test("equal choices in any order give the address of a fixed order of parameters", () => {
  expect(browseHref(read("/?sort=price&task=translation").query)).toBe(
    browseHref(read("/?task=translation&sort=price").query),
  );
  expect(browseHref(emptyQuery)).toBe("/");
});

test("a changed filter leads back to the first page", () => {
  const { query } = read(`/?sort=price&cursor=${writeCursor({ sort: "price", key: ["1", "2"] })}`);
  expect(query.cursor).not.toBeNull();
  expect(browseHref(query, { task: ["translation"] })).toBe("/?task=translation&sort=price");
});
