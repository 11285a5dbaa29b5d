import { expect, test } from "vitest";
import { comparedSlugs, comparisonCsv } from "./comparison";
import { formatShare } from "./cost-text";
import { isRelated } from "./file-relation";
import type { ListingView } from "./queries/find-listing";

test("at most four listings are compared, each once, junk left out", () => {
  expect(comparedSlugs(["a", "a", "b", "../etc", "%00", "c", "d", "e"])).toEqual(["a", "b", "c", "d"]);
});

test("a title that a spreadsheet would run is written as text", () => {
  const listing = {
    ...{ title: '=HYPERLINK("x")', languages: [], envelope: [], parts: [], limitations: [], dataOrigins: [] },
    ...{
      task: null,
      domain: null,
      declaredLevel: null,
      judgedLevel: null,
      evidenceGrade: "claimed",
      evaluatedRows: 0,
    },
    ...{ evidenceAt: null, fieldOfUse: null, licenceSpdx: null },
    cost: { state: "unknown", reason: "no_evidence" },
    rights: { useCommercially: "yes", modify: "no", redistribute: "not_stated", sublicense: "no" },
    version: { kind: "files" },
  } as unknown as ListingView;
  const [head] = comparisonCsv([listing]).split("\r\n");
  expect(head).toBe(`,,"'=HYPERLINK(""x"")"`);
});

test("a share is never rounded up to certainty", () => {
  expect(formatShare(0.9999)).toBe("99.9 %");
  expect(formatShare(0.0001)).toBe("0.1 %");
  expect(formatShare(1)).toBe("100.0 %");
});

test("one seller's statement settles a shared file between their own listings, two must agree between sellers", () => {
  const a = { statedById: "a", relation: "derived" as const };
  expect(isRelated("a", "a", [a])).toBe(true);
  expect(isRelated("a", "b", [a])).toBe(false);
  expect(isRelated("a", "b", [a, { statedById: "b", relation: "same_model" }])).toBe(false);
  expect(isRelated("a", "b", [a, { statedById: "b", relation: "derived" }])).toBe(true);
});
