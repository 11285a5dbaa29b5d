import fc from "fast-check";
import { expect, test } from "vitest";
import { checkListing, freeSlug, leadingPart, type ListingInput, moveStatus, slugOf } from "./listing";

const listing: ListingInput = {
  title: "Shelf sorter",
  contact: "seller@example.test",
  niche: { task: "text-classification", domain: "software", languages: ["en"], declaredLevel: "0.90" },
  artifact: { kind: "card_only" },
  parts: [{ part: "weights", pricing: "one_off", priceMinor: 9000n }],
};

test("what is left out reads not stated", () => {
  const terms = checkListing(listing);
  expect(terms.rights).toMatchObject({
    useCommercially: "not_stated",
    sublicense: "not_stated",
    fieldOfUse: null,
  });
  expect(terms.limitations).toEqual([]);
});

test.each<[string, string, Partial<ListingInput>]>([
  [
    "no part is offered",
    "parts",
    { parts: [{ part: "weights", pricing: "one_off", priceMinor: 1n, isOffered: false }] },
  ],
  [
    "weights are priced by the call",
    "parts",
    { parts: [{ part: "weights", pricing: "per_1000_calls", priceMinor: 1n }] },
  ],
  ["a free part has a price", "parts", { parts: [{ part: "weights", pricing: "free", priceMinor: 1n }] }],
  [
    "a part for sale has no price",
    "parts",
    { parts: [{ part: "weights", pricing: "one_off", priceMinor: 0n }] },
  ],
  ["a part is named twice", "parts", { parts: [...listing.parts, ...listing.parts] }],
  ["weights are sold without a niche", "niche", { niche: null }],
  [
    "hosted access is sold without a niche",
    "niche",
    { niche: null, parts: [{ part: "hosted_access", pricing: "per_1000_calls", priceMinor: 1n }] },
  ],
  ["shares do not add up", "contributors", { contributors: [{ name: "Ada", shareBasisPoints: 9999 }] }],
  ["a limit is stated twice", "limitations", { limitations: [{ type: "slow" }, { type: "slow" }] }],
  [
    "a span ends before it begins",
    "events",
    {
      events: [
        { kind: "trained", text: "t", originator: "seller", fromDate: new Date(2), toDate: new Date(1) },
      ],
    },
  ],
  [
    "a file name leads out of its folder",
    "artifact",
    { artifact: { kind: "files", files: [{ storedFileId: "f", path: "../x" }] } },
  ],
  ["the language is none", "niche", { niche: { ...listing.niche!, languages: ["not a tag"] } }],
  ["there is no title", "title", { title: " " }],
])("refuses a listing when %s", (_rule, field, change) => {
  expect(() => checkListing({ ...listing, ...change })).toThrow(
    expect.objectContaining({ code: "listing_invalid", fields: { [field]: expect.any(String) } }),
  );
});

test("parts other than the model itself need no niche", () => {
  const parts = [{ part: "training_data" as const, pricing: "one_off" as const, priceMinor: 900n }];
  expect(checkListing({ ...listing, niche: null, parts }).niche).toBeNull();
});

test("a slug holds only what an address needs, and is never empty or taken", () => {
  expect(slugOf("Ça marche: “rust” & co.")).toBe("ca-marche-rust-co");
  expect(slugOf("日本語")).toBe("listing");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(5), (title, copies) => {
      const taken = new Set<string>();
      for (let copy = 0; copy <= copies; copy++) {
        const slug = freeSlug(slugOf(title), taken);
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(taken.has(slug)).toBe(false);
        taken.add(slug);
      }
    }),
  );
});

test("a listing moves between open and paused, and retires for good", () => {
  expect(moveStatus("open", "pause")).toBe("paused");
  expect(moveStatus("paused", "reopen")).toBe("open");
  expect(moveStatus("paused", "retire")).toBe("retired");
  for (const move of ["pause", "reopen", "retire"] as const)
    expect(() => moveStatus("retired", move)).toThrow(expect.objectContaining({ code: "listing_status" }));
});

test("the leading part is the weights, else hosted access, else the first offered", () => {
  const part = (name: "weights" | "hosted_access" | "training_data" | "adapter", isOffered = true) => ({
    ...{ part: name, pricing: "one_off", priceMinor: 1n, isOffered },
  });
  expect(leadingPart([part("hosted_access"), part("weights")])?.part).toBe("weights");
  expect(leadingPart([part("adapter"), part("hosted_access"), part("weights", false)])?.part).toBe(
    "hosted_access",
  );
  expect(leadingPart([part("training_data")])?.part).toBe("training_data");
  expect(leadingPart([part("weights", false)])).toBeNull();
});
