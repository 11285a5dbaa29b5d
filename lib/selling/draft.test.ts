import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type DraftFields,
  draftFieldsSchema,
  emptyDraft,
  readDraftFields,
} from "@/lib/catalogue/draft-fields";
import type { Limitation } from "@/lib/catalogue/limitation";
import { limitKey } from "@/lib/catalogue/limitation-link";
import { fillMeasured, mergeTyped, refillMeasured } from "./draft";
import { type DraftFacts, checkDraft, listingOfDraft, refuseWithoutNiche } from "./draft-check";
import { draftFormSchema, fieldsOfForm, formNamesOf, onlyTouched } from "./draft-form";
import { fieldsOfListing } from "./draft-of-listing";

const ready: DraftFields = draftFieldsSchema.parse({
  task: "text-classification",
  domain: "e-mail",
  languages: "en, de",
  declaredLevel: "0.90",
  contact: "me@example.com",
  parts: { weights: { pricing: "one_off", price: "90.50", termMonths: "12" } },
});

const facts = (fields: Partial<DraftFields> = {}, rest: Partial<DraftFacts> = {}): DraftFacts => ({
  fields: { ...ready, ...fields },
  card: "# Short mail\n\nSays spam.",
  files: [],
  currency: "EUR",
  contributorIds: new Map([["ada", "account-ada"]]),
  demoOrigin: null,
  ...rest,
});

const fieldsWithProblems = (given: DraftFacts) => checkDraft(given).problems.map(({ field }) => field);

test("a card, a niche, a price and a contact are enough", () => {
  const listing = listingOfDraft(facts());
  expect(listing.title).toBe("Short mail");
  expect(listing.artifact).toEqual({ kind: "card_only" });
  expect(listing.parts).toEqual([{ part: "weights", pricing: "one_off", priceMinor: 9050n, termMonths: 12 }]);
  expect(listing.niche?.languages).toEqual(["en", "de"]);
});

test("an empty draft is told everything it needs at once", () => {
  const given = facts(emptyDraft, { card: "" });
  expect(fieldsWithProblems(given)).toEqual([
    "card",
    "task",
    "domain",
    "languages",
    "declaredLevel",
    "parts",
    "contact",
  ]);
  expect(() => listingOfDraft(given)).toThrow(expect.objectContaining({ code: "draft_incomplete" }));
});

test("a file or an endpoint stands in for the card, and both together are refused", () => {
  const files = [{ storedFileId: "f", path: "model.onnx", part: "weights" as const, shards: [] }];
  expect(fieldsWithProblems(facts({}, { card: "", files }))).toEqual([]);
  expect(fieldsWithProblems(facts({ endpointUrl: "https://m.example.com/v1" }, { card: "" }))).toEqual([]);
  expect(fieldsWithProblems(facts({ endpointUrl: "https://m.example.com/v1" }, { files }))).toEqual([
    "endpointUrl",
  ]);
});

test("weights that an index or a number names and that are not here keep a draft from being published", () => {
  const file = (path: string, shards: string[] = []) => {
    return { storedFileId: path, path, part: "weights" as const, shards };
  };
  const index = file("w.index.json", ["w-00001-of-00002.safetensors", "w-00002-of-00002.safetensors"]);
  const [first, second] = index.shards.map((path) => file(path));
  const files = [index, first!];
  expect(checkDraft(facts({}, { files })).problems).toEqual([
    {
      field: "files",
      message: "w.index.json belongs with a file that is not here: w-00002-of-00002.safetensors.",
      isMissing: false,
    },
  ]);
  expect(fieldsWithProblems(facts({}, { files: [first!] }))).toEqual(["files"]);
  expect(fieldsWithProblems(facts({}, { files: [...files, second!] }))).toEqual([]);
});

test("what data were used for has to be said where a file did not say it", () => {
  const [origin] = draftFieldsSchema.parse({ dataOrigins: [{ name: "Leaves", use: "" }] }).dataOrigins;
  const { listing, problems } = checkDraft(facts({ dataOrigins: [origin!] }));
  expect(problems).toEqual([
    { field: "dataOrigins.0.use", message: "Say what Leaves was used for.", isMissing: true },
  ]);
  expect(listing.dataOrigins).toEqual([]);
});

test("a title is drafted from the first heading that names more than a section", () => {
  const card = "# Model Card for Model ID\n\n# Usage\n\n# Leaf namer\n";
  expect(checkDraft(facts({ title: "" }, { card })).listing.title).toBe("Leaf namer");
  expect(checkDraft(facts({ title: "" }, { card: "# Usage\n" })).listing.title).not.toBe("Usage");
});

test("an endpoint says by itself that it may change", () => {
  const { listing } = checkDraft(facts({ endpointUrl: "https://m.example.com/v1" }));
  expect(listing.limitations).toContainEqual({ type: "endpoint_may_change", presence: "present" });
});

test.each([
  "http://m.example.com/",
  "https://127.0.0.1/",
  "https://[::1]/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://localhost/",
  "https://db.internal/",
  "https://printer.local./",
  "https://user:pw@m.example.com/",
  "https://m.example.com:22/",
  "https://m.example.com/#x",
  "ftp://m.example.com/",
  "not an address",
])("refuses %s as an endpoint", (endpointUrl) => {
  expect(fieldsWithProblems(facts({ endpointUrl }))).toEqual(["endpointUrl"]);
});

test("a model without a niche sells its parts and not itself", () => {
  const scope = "parts" as const;
  const records = { evaluation_records: { pricing: "one_off" as const, price: "15", termMonths: "" } };
  expect(listingOfDraft(facts({ scope, parts: records })).niche).toBeNull();
  expect(fieldsWithProblems(facts({ scope }))).not.toEqual([]);
});

test("a niche that every evaluation denies is refused, and one that any shows is not", () => {
  expect(() => refuseWithoutNiche("niche", [false, false])).toThrow(
    expect.objectContaining({ code: "no_niche" }),
  );
  expect(() => refuseWithoutNiche("niche", [false, true])).not.toThrow();
  expect(() => refuseWithoutNiche("niche", [])).not.toThrow();
  expect(() => refuseWithoutNiche("parts", [false])).not.toThrow();
});

test.each(["-1", "free", "1.234", "", "1e3"])("refuses %j as a price", (price) => {
  const parts = { weights: { pricing: "one_off" as const, price, termMonths: "" } };
  expect(fieldsWithProblems(facts({ parts }))).toEqual(["parts.weights.price"]);
});

test("shares of contributors add up to the whole, and a handle names an account", () => {
  const person = { handle: "", contribution: "", name: "Ben", sharePercent: "37.5" };
  const ada = { ...person, name: "", handle: "@Ada", sharePercent: "62.5" };
  expect(checkDraft(facts({ contributors: [ada, person] })).listing.contributors).toEqual([
    { accountId: "account-ada", name: "ada", contribution: "", shareBasisPoints: 6250 },
    { accountId: null, name: "Ben", contribution: "", shareBasisPoints: 3750 },
  ]);
  expect(fieldsWithProblems(facts({ contributors: [person] }))).toEqual(["contributors"]);
  expect(fieldsWithProblems(facts({ contributors: [{ ...ada, handle: "nobody" }, person] }))).toEqual([
    "contributors.0.handle",
  ]);
});

test("a span of time that ends before it began is refused beside its field", () => {
  const event = { kind: "trained" as const, fromDate: "2025-03-01", toDate: "2025-02-01", text: "Trained." };
  expect(fieldsWithProblems(facts({ events: [event] }))).toEqual(["events.0.toDate"]);
  expect(fieldsWithProblems(facts({ events: [{ ...event, toDate: "2025-02-30" }] }))).toEqual([
    "events.0.toDate",
  ]);
});

const long = { quantity: "accuracy" as const, slice: "length=long", name: "length: long" };
const measured: Limitation = {
  type: "long_input",
  presence: "present",
  severity: "severe",
  condition: "",
  measures: long,
};
const key = limitKey(measured);

test("a form decides whether a measured limitation is stated, how severe and in which words, never what it measures", () => {
  const stored = fillMeasured(emptyDraft, [measured]);
  const forged = { quantity: "accuracy" as const, slice: "length=short", name: "length: long" };
  const typed = (presence: "present" | "") => ({
    ...emptyDraft,
    measured: {
      [key]: {
        presence,
        severity: "minor" as const,
        condition: "Only tables.",
        shown: { type: "html_input" as const, measures: forged },
      },
      invented: { presence: "present" as const, severity: "minor" as const, condition: "", shown: null },
    },
  });
  expect(mergeTyped(stored, typed("present")).measured).toEqual({
    [key]: {
      presence: "present",
      severity: "minor",
      condition: "Only tables.",
      shown: { type: "long_input", measures: long },
    },
  });
  const unstated = mergeTyped(stored, typed(""));
  expect(checkDraft(facts(unstated)).listing.limitations).toEqual([]);
  // A page drawn before it was measured says nothing of it.
  expect(mergeTyped(stored, emptyDraft).measured).toEqual(stored.measured);
});

test("a limitation declared in words stays one of its own beside the one that was measured", () => {
  const declared = mergeTyped(emptyDraft, {
    ...emptyDraft,
    limitations: { long_input: { presence: "present", severity: "minor", condition: "Tables too." } },
  });
  const { limitations } = checkDraft(facts(fillMeasured(declared, [measured]))).listing;
  expect(limitations).toEqual([
    { type: "long_input", presence: "present", severity: "minor", condition: "Tables too." },
    { type: "long_input", presence: "present", severity: "severe", condition: "", measures: long },
  ]);
  const absent = { long_input: { presence: "absent" as const, severity: "minor" as const, condition: "" } };
  const contradicting = fillMeasured({ ...emptyDraft, limitations: absent }, [measured]);
  expect(fieldsWithProblems(facts({ limitations: absent, measured: contradicting.measured }))).toEqual([
    "limitations",
  ]);
});

test("what an evaluation drafted goes with it, and what another one shows stays with its words", () => {
  const other = {
    ...measured,
    type: "html_input" as const,
    measures: { ...long, slice: "html", name: "HTML" },
  };
  const both = fillMeasured(emptyDraft, [measured, other]);
  const reworded = { ...both.measured[key]!, condition: "Mine." };
  const stored = { ...both, measured: { ...both.measured, [key]: reworded } };
  expect(refillMeasured(stored, [measured]).measured).toEqual({ [key]: reworded });
  expect(refillMeasured(stored, []).measured).toEqual({});
});

test("a draft holds forty measured limitations, and counting again brings no more", () => {
  const many = Array.from({ length: 60 }, (_, at): Limitation => {
    return { ...measured, measures: { ...long, slice: `s${at}` } };
  });
  const filled = fillMeasured(emptyDraft, many);
  expect(Object.keys(filled.measured)).toHaveLength(40);
  expect(fillMeasured(filled, many).measured).toEqual(filled.measured);
});

const line = fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\r", ""));

test("whatever is typed comes back from the form's names as it was", () => {
  fc.assert(
    fc.property(line, line, line, fc.array(line, { maxLength: 4 }), (title, condition, price, names) => {
      const fields = draftFieldsSchema.parse({
        title,
        limitations: { html_input: { presence: "present", condition } },
        measured: { [key]: { condition } },
        parts: { weights: { pricing: "one_off", price: price.slice(0, 20) } },
        dataOrigins: [...names, "last"].map((name) => ({ name })),
      });
      const form = { draftId: "d", revision: "3", ...formNamesOf(fields) };
      expect(draftFormSchema.parse(form)).toMatchObject({ draftId: "d", revision: 3, fields });
    }),
  );
});

test("names that belong to no field, and names of an object's own, change nothing", () => {
  const fields = fieldsOfForm({
    "__proto__.polluted": "x",
    "parts.__proto__.price": "x",
    "constructor.prototype.x": "x",
    nonsense: "x",
    fillings: "9",
    title: "T",
  });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(({} as Record<string, unknown>).price).toBeUndefined();
  expect(fields).toMatchObject({ title: "T" });
  expect(fields).not.toHaveProperty("fillings");
});

test("of a form drawn before something was filled in, only what was touched counts", () => {
  const stored = draftFieldsSchema.parse({
    title: "Filled",
    languages: "en",
    parts: { weights: { pricing: "free" } },
    dataOrigins: [{ name: "Old" }, { name: "Filled in" }],
  });
  const typed = draftFieldsSchema.parse({
    title: "",
    summary: "Typed",
    parts: { weights: { pricing: "" }, adapter: { pricing: "one_off", price: "9" } },
    dataOrigins: [{ name: "Old", licence: "MIT" }],
    fillings: 7,
  });
  const touched = [
    "summary",
    "parts.adapter.price",
    "dataOrigins.0.licence",
    "parts.__proto__.x",
    "nonsense",
    "fillings",
  ];
  expect(onlyTouched(stored, typed, touched)).toEqual({
    ...stored,
    summary: "Typed",
    parts: { weights: stored.parts.weights, adapter: typed.parts.adapter },
    dataOrigins: [typed.dataOrigins[0], stored.dataOrigins[1]],
  });
  expect(onlyTouched(stored, typed, [])).toEqual(stored);
});

test("a draft written by an older version keeps what can still be read", () => {
  expect(readDraftFields({ title: "T", parts: { gone: {} }, extra: 1 })).toEqual({
    ...emptyDraft,
    title: "T",
  });
  expect(readDraftFields(null)).toEqual(emptyDraft);
});

test("revising a listing unchanged says the same again", () => {
  const listing = listingOfDraft(
    facts({
      rights: { ...ready.rights, modify: "yes" },
      baseModels: "org/base\norg/other",
      fieldOfUse: "mail",
    }),
  );
  const { niche, rights, parts, limitations, dataOrigins, contributors, ...rest } = listing;
  const again = fieldsOfListing(
    {
      useCommercially: rights?.useCommercially ?? "not_stated",
      modify: rights?.modify ?? "not_stated",
      redistribute: rights?.redistribute ?? "not_stated",
      sublicense: rights?.sublicense ?? "not_stated",
      title: rest.title,
      summary: rest.summary ?? "",
      description: rest.description ?? "",
      contact: rest.contact,
      endpointUrl: null,
      task: niche?.task ?? null,
      domain: niche?.domain ?? null,
      languages: niche?.languages ?? [],
      declaredLevel: { toFixed: () => niche?.declaredLevel ?? "" },
      licenceSpdx: rest.licenceSpdx ?? null,
      fieldOfUse: rights?.fieldOfUse ?? null,
      baseModels: rest.baseModels ?? [],
      currency: "EUR",
      parts: parts.map((part) => ({ termMonths: null, isOffered: true, ...part })),
      limitations: (limitations ?? []) as never,
      dataOrigins: (dataOrigins ?? []) as never,
      contributors: (contributors ?? []) as never,
    },
    new Map(),
  );
  expect(listingOfDraft(facts(readDraftFields(again)))).toEqual(listing);
});
