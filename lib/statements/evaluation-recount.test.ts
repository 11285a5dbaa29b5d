import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOf, conditionId } from "@/lib/measurement/condition";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationRow, type SliceDefinition, columnSlice, columnValues } from "@/lib/measurement/slice";
import { contradictionsOf } from "./evaluation-recount";
import { evaluationStatement } from "./evaluation-statement";
import { type EvaluationPredicate, evaluationPredicateSchema } from "./kinds/evaluation";

const slices: SliceDefinition[] = [
  columnSlice("short", "true"),
  {
    condition: {
      all: [
        { on: "answer", says: ["a"] },
        { on: "answer", confidenceAtLeast: "0.7" },
      ],
    },
    discovered: true,
  },
  {
    condition: {
      all: [
        { on: "input", column: "kind", is: "web" },
        { on: "answer", says: ["b"] },
      ],
    },
    sellerName: "Web pages it calls b",
    discovered: false,
    knownBefore: true,
  },
  columnSlice("kind", "web"),
  columnSlice("kind", "mail"),
  { condition: { all: [{ on: "answer", says: ["a"] }] }, discovered: true },
  { condition: { all: [{ on: "answer", says: ["b"] }] }, discovered: true },
];

const rows: fc.Arbitrary<EvaluationRow[]> = fc.array(
  fc.record({
    label: fc.constantFrom("a", "b"),
    prediction: fc.constantFrom("a", "a", "b"),
    confidence: fc.constantFrom(0.5, 0.7, 0.9),
    columns: fc.tuple(fc.boolean(), fc.constantFrom("web", "mail")).map(([short, kind]) =>
      columnValues([
        ["short", String(short)],
        ["kind", kind],
      ]),
    ),
    cluster: fc.option(fc.integer({ min: 1, max: 30 }).map(String), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 120 },
);

function predicateOf(given: readonly EvaluationRow[], level = 0.8): EvaluationPredicate {
  const rowsSha256 = digestRows(given, slices);
  const { predicate } = evaluationStatement({
    subject: { about: "files", sha256: "a".repeat(64) },
    evaluator: { role: "platform", account: "platform", relation: "third_party" },
    binding: { kind: "ran_here" },
    dataSet: { name: "x", rowsSha256, use: "attestation", observedFrom: null, observedTo: null },
    summary: summariseEvaluation(given, slices, level, { seed: rowsSha256 }),
    runtime: null,
    startedAt: null,
    finishedAt: new Date("2026-11-01T10:00:00Z"),
  });
  return evaluationPredicateSchema.parse(JSON.parse(JSON.stringify(predicate)));
}

test("everything in a statement follows from its counts, clusters, conditions, level and digest", () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(0.5, 0.8, 0.95), (given, level) => {
      expect(contradictionsOf(predicateOf(given, level))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("every slice can be found again on the rows from the statement alone", () => {
  fc.assert(
    fc.property(rows, (given) => {
      for (const { condition, n, k, id } of predicateOf(given).slices) {
        const members = given.filter(checkOf(condition));
        expect([
          members.length,
          members.filter(({ label, prediction }) => label === prediction).length,
        ]).toEqual([n, k]);
        expect(conditionId(condition)).toBe(id);
      }
    }),
    { numRuns: 100 },
  );
});

/** 200 rows in 40 clusters, of which a few are wrong. */
const some = Array.from({ length: 200 }, (_, index): EvaluationRow => {
  const label = index % 2 ? "a" : "b";
  const columns = columnValues([
    ["short", String(index % 4 < 2)],
    ["kind", index % 3 ? "web" : "mail"],
  ]);
  return {
    label,
    prediction: index % 17 === 0 ? "c" : label,
    confidence: 0.9,
    columns,
    cluster: String(index % 40),
  };
});

type Change = (predicate: EvaluationPredicate) => void;
const changes: [string, Change][] = [
  ["overall.k", ({ overall }) => (overall.k = overall.n + 1)],
  ["overall.value", ({ overall }) => (overall.value = "0.99")],
  ["overall.lower", ({ overall }) => (overall.lower = "0.93")],
  ["overall.interval", ({ overall }) => (overall.interval = "wilson_95")],
  ["overall.clusters", ({ overall }) => (overall.clusters = [[1, 1, 1]])],
  ["clusters", (predicate) => (predicate.clusters = null)],
  ["clusters", ({ clusters }) => (clusters!.n += 1)],
  ["slices.0.pFilled", ({ slices: [first] }) => (first!.pFilled = "0.0001")],
  [
    "slices.0.verdict",
    ({ slices: [first] }) => (first!.verdict = first!.verdict === "filled" ? "fails" : "filled"),
  ],
  ["slices.0.name", ({ slices: [first] }) => (first!.name = "Always right")],
  ["slices.0.id", ({ slices: [first] }) => (first!.id = "0".repeat(32))],
  ["slices.0.baseN", ({ slices: [first] }) => (first!.baseN += 1)],
  ["slices.0.baseRate", ({ slices: [first] }) => (first!.baseRate = "0.1")],
  ["slices.1.baseK", ({ slices: [, second] }) => (second!.baseK -= 1)],
  ["slices.2.n", ({ slices: [, , third], overall }) => (third!.n = third!.baseN = overall.n + 1)],
  ["slices.0.clusters", ({ slices: [first] }) => (first!.clusters = null)],
  ["slices.0.clusters", ({ overall }) => (overall.clusters = [[overall.n, overall.k, 1]])],
  ["slices.4.n", ({ slices: [, , , web, mail] }) => (mail!.n = mail!.baseN = web!.n + 1)],
  ["slices.6.n", ({ slices: [, , , , , , saysB], overall }) => (saysB!.n = overall.n - 1)],
  ["slices.5.k", ({ slices: [, , , , , saysA] }) => (saysA!.k = saysA!.baseK + 1)],
  ["method.slicesExamined", ({ method }) => (method.slicesExamined += 1)],
  ["method.level", ({ method }) => (method.level = "1")],
  ["dataSet.n", ({ dataSet }) => (dataSet.n += 1)],
  ["showsNiche", (predicate) => (predicate.showsNiche = !predicate.showsNiche)],
];

test.each(changes)("a statement whose %s does not follow contradicts itself", (field, change) => {
  const predicate = predicateOf(some);
  expect(contradictionsOf(predicate)).toEqual([]);
  change(predicate);
  expect(contradictionsOf(predicate)).toContain(field);
});

test("another digest of the rows draws other clusters, so a borrowed figure shows", () => {
  const predicate = predicateOf(some);
  predicate.dataSet.rows.sha256 = "f".repeat(64);
  expect(contradictionsOf(predicate)).not.toEqual([]);
});

test("a grade that does not follow from who ran it and what ties it to the files is found", () => {
  const made = predicateOf([{ label: "a", prediction: "a" }]);
  expect(contradictionsOf({ ...made, grade: "third_party" })).toEqual(["grade"]);
  const word = { kind: "answers_only", reason: "Nothing was given." } as const;
  expect(contradictionsOf({ ...made, binding: word })).toEqual(["grade"]);
  expect(contradictionsOf({ ...made, binding: word, grade: "seller_signed" })).toEqual([]);
});
