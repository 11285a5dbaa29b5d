import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitationTypeNames } from "@/lib/catalogue/limitation";
import { signEnvelope } from "@/lib/statements/dsse";
import { isSignedBy } from "@/lib/statements/statements.fixture";
import { conditionId } from "@/lib/measurement/condition";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { type EvaluationRow, type SliceDefinition, columnSlice, columnValues } from "@/lib/measurement/slice";
import { importCycloneDx } from "./cyclonedx";
import { importForeign } from "./import-foreign";
import { PASSPORT_PAYLOAD_TYPE, passportBytes, passportOf } from "./passport";
import type { PassportEvaluation, PassportInput } from "./passport-input";
import { spdxIdOf, spdxIds } from "./spdx-id";

const require = createRequire(import.meta.url);
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const problemsOf = async (document: unknown) => validator.validate(JSON.stringify(document));

const at = new Date("2026-10-01T12:00:00Z");
const slices: SliceDefinition[] = ["short", "long", "rare"].map((id) => ({
  ...columnSlice(`${id} tickets`, "true"),
  discovered: id === "rare",
}));

const claimOf = (evaluation: string, slice: string) =>
  `claim:${evaluation}:${conditionId(columnSlice(`${slice} tickets`, "true").condition)}`;

function rowsOf(short: number, long: number): EvaluationRow[] {
  const row = (slice: string, index: number, right: number): EvaluationRow => ({
    label: index % 2 === 0 ? "yes" : "no",
    prediction: index < right ? (index % 2 === 0 ? "yes" : "no") : "?",
    columns: columnValues([[`${slice} tickets`, "true"]]),
  });
  const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    ...indexes(200).map((index) => row("short", index, short)),
    ...indexes(200).map((index) => row("long", index, long)),
    ...indexes(3).map((index) => row("rare", index, 3)),
  ];
}

function evaluation(id: string, short: number, long: number): PassportEvaluation {
  return {
    id,
    gradeText: "Measured here",
    evaluator: { name: "Offcut", role: "platform" },
    dataSetName: "Tickets of one desk",
    rowsSha256: "ab".repeat(32),
    finishedAt: at,
    isStale: false,
    summary: summariseEvaluation(rowsOf(short, long), slices, 0.9),
    envelope: { sha256: "cd".repeat(32), body: '{"payload":""}', url: "https://offcut.example/envelope/cd" },
    answer: null,
  };
}

function input(changes: Partial<PassportInput> = {}): PassportInput {
  return {
    id: "0d6f0a63-3a0e-4c0a-9a53-6f3a2f6b1c11",
    issuedAt: at,
    issuer: { name: "Offcut", url: "https://offcut.example" },
    seller: { name: "A seller", url: null },
    listing: {
      url: "https://offcut.example/listings/desk-router",
      title: "Desk router",
      summary: "Routes tickets of one help desk.",
      task: "text-classification",
      domain: "customer-support",
      languages: ["de"],
      licence: "apache-2.0",
      rights: {
        useCommercially: "yes",
        modify: "no",
        redistribute: "not_stated",
        sublicense: "no",
        fieldOfUse: null,
      },
      baseModels: ["someone/base"],
      parts: [
        { part: "weights", pricing: "one_off", priceMinor: 250_000n, currency: "EUR", termMonths: 12 },
        {
          part: "hosted_access",
          pricing: "per_1000_calls",
          priceMinor: 40n,
          currency: "EUR",
          termMonths: null,
        },
      ],
    },
    version: {
      number: 2,
      modelDigest: "12".repeat(32),
      files: [{ path: "model.onnx", sha256: "34".repeat(32) }],
    },
    evaluations: [evaluation("first", 200, 120), evaluation("second", 199, 200)],
    limitations: [
      {
        type: "html_input",
        presence: "present",
        severity: "severe",
        condition: "more than half markup",
        measures: { quantity: "accuracy", slice: "long", name: "long tickets" },
        figure: {
          of: { quantity: "accuracy", slice: "long" },
          ...{ k: 120, n: 200, value: 0.6, lower: 0.531, upper: 0.665 },
          ...{
            intervalMethod: "wilson_95",
            clusters: null,
            evaluationId: "first",
            grade: "platform_measured",
          },
          ...{ dataSetName: "Tickets of one desk", measuredAt: at },
        },
      },
      {
        type: "slow",
        presence: "absent",
        severity: "minor",
        condition: "",
        measures: null,
        figure: null,
      },
    ],
    dataOrigins: [
      {
        name: "Desk archive",
        source: "our own desk",
        licence: "CC-BY-4.0",
        url: "https://data.example/desk",
        use: "training",
        rowCount: 12_000,
      },
    ],
    contributors: [{ name: "B. Annotator", contribution: "labels", isConfirmed: false }],
    objections: [
      {
        id: "o1",
        text: "Fails on our tickets.",
        author: "A buyer",
        at,
        envelope: {
          sha256: "ef".repeat(32),
          body: '{"payload":"AA=="}',
          url: "https://offcut.example/envelope/ef",
        },
      },
    ],
    ...changes,
  };
}

describe("passport", () => {
  it("is valid against the official CycloneDX 1.6 schema", async () => {
    expect(await problemsOf(passportOf(input()))).toBeNull();
  });

  it("is refused by that schema once a field is not its own, so that the check can fail", async () => {
    const broken = { ...passportOf(input()), surprise: true };
    expect(await problemsOf(broken)).not.toBeNull();
    const passport = structuredClone(passportOf(input())) as unknown as Record<string, unknown[]>;
    const [component] = passport["components"] as [{ modelCard: { quantitativeAnalysis: unknown } }];
    component.modelCard.quantitativeAnalysis = { performanceMetrics: [{ value: 0.9 }] };
    expect(await problemsOf(passport)).not.toBeNull();
  });

  it("is valid for a listing of which nothing is known yet", async () => {
    const bare = passportOf(
      input({
        evaluations: [],
        limitations: [],
        dataOrigins: [],
        contributors: [],
        objections: [],
        version: { number: 1, modelDigest: null, files: [] },
        listing: {
          ...input().listing,
          licence: null,
          parts: [],
          task: null,
          domain: null,
          languages: [],
          baseModels: [],
          summary: "",
        },
      }),
    );
    expect(await problemsOf(bare)).toBeNull();
  });

  it("states every failing slice as a counter-claim and every filled one as a claim", () => {
    const passport = passportOf(input()) as unknown as {
      declarations: {
        attestations: { map: { claims?: string[]; counterClaims?: string[] }[] }[];
        claims: { "bom-ref": string; predicate: string; counterEvidence?: string[] }[];
      };
    };
    const [first, second, others] = passport.declarations.attestations.map(({ map }) => map[0]);
    expect(first?.claims).toEqual([claimOf("first", "short")]);
    expect(first?.counterClaims).toEqual([claimOf("first", "long")]);
    expect(second?.claims).toEqual([claimOf("second", "short"), claimOf("second", "long")]);
    expect(others?.counterClaims).toEqual(["limitation:1:html_input", "objection:o1"]);
    const contested = passport.declarations.claims.find(
      (claim) => claim["bom-ref"] === claimOf("second", "long"),
    );
    expect(contested?.counterEvidence).toEqual(["evidence:first"]);
  });

  it("has no figure of a slice without rows, so that it reads back without a trap", async () => {
    const empty = { ...columnSlice("never tickets", "true"), discovered: false };
    const summary = summariseEvaluation(rowsOf(200, 120), [...slices, empty], 0.9);
    const passport = passportOf(input({ evaluations: [{ ...evaluation("first", 200, 120), summary }] }));
    const read = await importForeign("passport.cdx.json", JSON.stringify(passport));
    expect(read.traps).toEqual([]);
    expect(read.draft.figures).toHaveLength(1 + slices.length);
  });

  it("holds the condition of every slice as data, under the id that its claims name", () => {
    const { components } = passportOf(input()) as unknown as {
      components: [{ properties: { name: string; value: string }[] }];
    };
    const stated = components[0].properties.filter(({ name }) => name.startsWith("offcut:condition:"));
    expect(stated.map(({ name, value }) => [name, JSON.parse(value)])).toEqual(
      slices.map(({ condition }) => [`offcut:condition:${conditionId(condition)}`, condition]),
    );
  });

  it("names nothing in its claims that the document does not hold", () => {
    const text = JSON.stringify(passportOf(input()));
    const defined = new Set([...text.matchAll(/"bom-ref":"([^"]+)"/g)].map((match) => match[1]));
    const { declarations } = JSON.parse(text) as { declarations: Record<string, Record<string, unknown>[]> };
    const used: unknown[] = [
      ...(declarations["claims"] ?? []).flatMap((claim) => [
        claim["target"],
        ...((claim["evidence"] ?? []) as string[]),
        ...((claim["counterEvidence"] ?? []) as string[]),
      ]),
      ...(declarations["attestations"] ?? []).flatMap((attestation) => [
        attestation["assessor"],
        ...(attestation["map"] as { claims?: string[]; counterClaims?: string[] }[]).flatMap((entry) => [
          ...(entry.claims ?? []),
          ...(entry.counterClaims ?? []),
        ]),
      ]),
    ];
    expect(used.length).toBeGreaterThan(10);
    for (const reference of used) expect(defined).toContain(reference);
  });

  it("can be read back: figures, intervals, limitations, data and counter-claims return", async () => {
    const { draft, traps } = await importCycloneDx("passport.json", passportBytes(passportOf(input())));
    expect(traps).toEqual([]);
    expect(draft.model).toMatchObject({ name: "Desk router", sha256: "12".repeat(32) });
    expect(draft.figures).toHaveLength(8);
    const overall = input().evaluations[0]?.summary.overall;
    expect(draft.figures[0]?.interval?.lower).toBeCloseTo(overall?.lower ?? 0, 6);
    expect(draft.limitations).toHaveLength(1);
    expect(draft.dataOrigins[0]).toMatchObject({ name: "Desk archive", url: "https://data.example/desk" });
    expect(draft.claims.filter(({ isCounterClaim }) => isCounterClaim)).toHaveLength(3);
  });

  it("has one form in bytes, which can be signed and checked", async () => {
    const passport = passportOf(input());
    const bytes = passportBytes(passport);
    expect(passportBytes(JSON.parse(new TextDecoder().decode(bytes)) as typeof passport)).toEqual(bytes);
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
      "sign",
      "verify",
    ]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    const envelope = await signEnvelope(bytes, pair.privateKey, spki, PASSPORT_PAYLOAD_TYPE);
    expect(await isSignedBy(envelope, [spki])).toBe(true);
  });

  it("stays valid whatever people have typed", async () => {
    const validate = officialSchema();
    const words = fc.string({ unit: "binary", maxLength: 60 });
    const named = words.map((text) => `x${text}`);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          title: named,
          summary: words,
          licence: fc.option(named),
          condition: words,
          type: fc.constantFrom(...limitationTypeNames),
          origin: named,
          objection: words,
          termMonths: fc.option(fc.integer({ min: 1, max: 240 })),
        }),
        async ({ title, summary, licence, condition, type, origin, objection, termMonths }) => {
          const base = input();
          const passport = passportOf({
            ...base,
            listing: {
              ...base.listing,
              title,
              summary,
              licence,
              parts: base.listing.parts.map((part) => ({ ...part, termMonths })),
            },
            limitations: [{ ...base.limitations[0]!, type, condition }],
            dataOrigins: [{ ...base.dataOrigins[0]!, name: origin }],
            objections: [{ id: "o1", text: objection, author: title, at, envelope: null }],
          });
          const document: unknown = JSON.parse(new TextDecoder().decode(passportBytes(passport)));
          expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("names licences by SPDX only where the official list knows them", () => {
    const known = new Set((readSchema("spdx.SNAPSHOT.schema.json") as { enum: string[] }).enum);
    for (const id of spdxIds) expect(known).toContain(id);
    expect(spdxIdOf("apache-2.0")).toBe("Apache-2.0");
    expect(spdxIdOf("openrail")).toBeNull();
  });
});

function readSchema(name: string): object {
  const library = require.resolve("@cyclonedx/cyclonedx-library/package.json");
  return JSON.parse(readFileSync(library.replace("package.json", `res/schema/${name}`), "utf8")) as object;
}

/** Compiled once: the library's own validator compiles the schema anew for every document. */
function officialSchema() {
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats(ajv);
  // It ships without types.
  (require("ajv-formats-draft2019") as (instance: Ajv) => void)(ajv);
  ajv.addFormat("string", true);
  ajv.addSchema(
    readSchema("spdx.SNAPSHOT.schema.json"),
    "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json",
  );
  ajv.addSchema(
    readSchema("jsf-0.82.SNAPSHOT.schema.json"),
    "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json",
  );
  return ajv.compile(readSchema("bom-1.6.SNAPSHOT.schema.json"));
}
