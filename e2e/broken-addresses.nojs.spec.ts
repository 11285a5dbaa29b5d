import { expect, test } from "@playwright/test";

const BROKEN = ["%E0%A4%A", "%", "%ff", "%C0%AF", "%zz"];
const PLACES = [
  "",
  "listings/",
  "people/",
  "deals/",
  "sell/",
  "evaluations/",
  "log/entries/",
  "api/v1/listings/",
  "api/v1/keys/",
];

test("an address that cannot be decoded is answered 400 with a sentence, on every page and route", async ({
  request,
}) => {
  for (const place of PLACES) {
    for (const part of BROKEN) {
      const answer = await request.get(`/${place}${part}`, { maxRedirects: 0 });
      expect([place + part, answer.status()]).toEqual([place + part, 400]);
      expect(await answer.text()).toBe(
        "This address cannot be read: a % in it is followed by what is no character.",
      );
      expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
    }
  }
});

test("a query that cannot be decoded, or holds what no column does, is no fault of ours", async ({
  request,
}) => {
  const cursors = [
    ["newest", "0000-01-01T00:00:00.000Z", "1"],
    ["relevance", "1e-99", "1"],
    ["cost", "9223372036854775808", "1"],
  ].map((key) => Buffer.from(JSON.stringify(key)).toString("base64url"));
  for (const query of [...BROKEN, ...cursors]) {
    for (const address of ["/", "/api/v1/listings", "/log", "/compare"]) {
      const answer = await request.get(
        `${address}?q=spam&sort=newest&before=${query}&c=${query}&cursor=${query}`,
      );
      expect([address, query, answer.status() < 500]).toEqual([address, query, true]);
    }
  }
});
