import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { canonicalJson } from "@/lib/shared/jcs";
import { evaluationStatement } from "./evaluation-statement";
import { statementKinds } from "./kinds";
import type { EvaluationPredicate } from "./kinds/evaluation";
import { anyStatementOf } from "./kinds/statements.fixture";
import { nicheClaimKind } from "./kinds/niche-claim";
import { readSensibly } from "./sense";
import { isSenseFault, senseMessages } from "./sense-fault";
import { type Statement, makeStatement, statementBytes } from "./statement";
import { usageStatement } from "./statements.fixture";

const model = "a".repeat(64);
const at = "2026-11-01T00:00:00.000Z";
const encoded = (text: string) => new TextEncoder().encode(text);
const faultOf = (statement: object, loggedBy?: Date) =>
  readSensibly(encoded(JSON.stringify(statement)), loggedBy)?.fault;

const slices = [
  columnSlice("time", "day"),
  {
    condition: {
      all: [
        { on: "input" as const, column: "time", is: "night" },
        { on: "answer" as const, says: ["dog"] },
      ],
    },
    discovered: false,
  },
  columnSlice("weather", "rain"),
];

/** An evaluation as it is signed here: three slices, and rows of which some share a cluster. */
function evaluation(): Statement {
  const rows = Array.from({ length: 240 }, (_, number) => {
    const isDay = number < 120;
    const label = number % 2 ? "cat" : "dog";
    const isRight = isDay ? number !== 7 : number % 3 === 0;
    return {
      label,
      prediction: isRight ? label : "dog",
      columns: columnValues([
        ["time", isDay ? "day" : "night"],
        ["weather", number % 12 === 0 ? "rain" : "sun"],
      ]),
      cluster: number % 5 === 0 ? `scene ${number % 20}` : undefined,
    };
  });
  const rowsSha256 = digestRows(rows, slices);
  return evaluationStatement({
    subject: { about: "files", sha256: model },
    evaluator: { role: "seller", account: "acc-1", relation: "first_party" },
    binding: { kind: "answers_only", reason: "Handed in without inputs." },
    dataSet: {
      name: "Street scenes",
      rowsSha256,
      use: "attestation",
      observedFrom: new Date("2026-01-01"),
      observedTo: new Date("2026-02-01"),
    },
    summary: summariseEvaluation(rows, slices, 0.9, { seed: rowsSha256 }),
    runtime: null,
    startedAt: new Date("2026-10-31"),
    finishedAt: new Date(at),
  });
}

/** Places of all numbers in a value: counts, and texts that are decimals. */
function numbersIn(value: unknown, place: (string | number)[] = []): (string | number)[][] {
  if (typeof value === "number" || (typeof value === "string" && /^\d+(\.\d+)?$/.test(value))) return [place];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => numbersIn(member, [...place, name]));
}

function withChanged(
  statement: Statement,
  place: readonly (string | number)[],
  change: (old: unknown) => unknown,
) {
  const copy = structuredClone(statement) as unknown as Record<string, unknown>;
  let holder: Record<string | number, unknown> = copy;
  for (const name of place.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  const last = place.at(-1) ?? "";
  holder[last] = change(holder[last]);
  return copy;
}

test("what is signed here makes sense", () => {
  expect(faultOf(evaluation())).toBeNull();
});

describe.each(statementKinds.map(({ name }) => name))("a statement of %s", (name) => {
  test("makes sense however its maker fills it", () => {
    fc.assert(
      fc.property(anyStatementOf(name), (statement) => {
        expect(readSensibly(statementBytes(statement))?.fault).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

test("any single change of a number in an evaluation is refused", () => {
  const statement = evaluation();
  const places = numbersIn(statement.predicate, ["predicate"]);
  expect(places.length).toBeGreaterThan(60);
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.integer({ min: 1, max: 1_000 }),
      fc.boolean(),
      (place, by, down) => {
        const changed = withChanged(statement, place, (old) =>
          typeof old === "number" ? Math.abs(old + (down ? -by : by)) : shifted(String(old), down ? -by : by),
        );
        fc.pre(canonicalJson(changed) !== canonicalJson(statement));
        expect([place.join("."), faultOf(changed) ?? "none"]).not.toEqual([place.join("."), "none"]);
      },
    ),
    { numRuns: 3_000 },
  );
});

/** A decimal text moved by so many millionths, in its one form and never below 0. */
function shifted(text: string, millionths: number): string {
  const moved = Math.abs(Math.round(Number(text) * 1_000_000) + millionths);
  return (moved / 1_000_000).toFixed(6).replace(/\.?0+$/, "");
}

const shown = evaluation().predicate as EvaluationPredicate;

test.each<[string, (string | number)[], unknown, string]>([
  ["more right than there were rows", ["overall", "k"], 241, "count_exceeds"],
  ["a data set of another size than its rows", ["dataSet", "n"], 241, "total_differs"],
  ["a share that is rounded up", ["overall", "value"], "0.8", "share_differs"],
  ["an interval that is narrower", ["slices", 0, "lower"], "0.98", "interval_differs"],
  ["a p-value that is smaller", ["slices", 2, "pFails"], "0", "p_value_differs"],
  ["a verdict that is better", ["slices", 2, "verdict"], "filled", "verdict_differs"],
  ["a niche that is none", ["showsNiche"], !shown.showsNiche, "niche_differs"],
  ["a result of its own", ["results", 0, "score_details", "score"], "0.9", "result_differs"],
  ["a slice twice", ["slices", 1], shown.slices[0], "slice_repeated"],
  ["clusters that are more than its rows", ["overall", "clusters"], [[300, 1, 1]], "clusters_differ"],
  ["a name of its own", ["slices", 0, "name"], "Always right", "condition_differs"],
  ["fewer rows needed", ["slices", 2, "neededRows"], 3, "needed_rows_differ"],
  ["a base rate that no count gives", ["slices", 0, "baseRate"], "0.500001", "base_rate_differs"],
  ["a grade that no run has", ["grade"], "reproduced", "grade_differs"],
  ["slices left out of the adjustment", ["method", "slicesExamined"], 2, "total_differs"],
  ["a milder rule", ["method", "alpha"], "0.05", "method_differs"],
  ["a level of 1", ["method", "level"], "1", "level_range"],
  ["a seller that is somebody else", ["evaluator", "relation"], "third_party", "relation_differs"],
  ["an end before its beginning", ["finishedAt"], "2026-10-30T00:00:00.000Z", "date_order"],
  ["a date with an offset", ["finishedAt"], "2026-11-01T00:00:00.000+00:00", "date_form"],
  ["a date without fractions of a second", ["finishedAt"], "2026-11-01T00:00:00Z", "date_form"],
  ["a day that does not exist", ["finishedAt"], "2026-11-31T00:00:00.000Z", "date_form"],
  ["a needless zero", ["overall", "value"], "0.750", "decimal_form"],
  ["a leading zero", ["overall", "value"], "00.75", "decimal_form"],
  ["a minus zero", ["overall", "lower"], "-0", "decimal_form"],
  ["an exponent", ["overall", "value"], "75e-2", "decimal_form"],
])("an evaluation with %s is refused by its own name", (_, place, value, code) => {
  const changed = withChanged(evaluation(), ["predicate", ...place], () => value);
  expect(faultOf(changed)).toBe(code);
});

test("a level that nobody offers is no niche’s", () => {
  const niche = { task: "text-classification", domain: "general", languages: ["en"] };
  const claim = { seller: "a", listing: "l", statedAt: at };
  const said = (level: string) =>
    makeStatement(nicheClaimKind.predicateType, [{ sha256: model }], {
      ...claim,
      niche: { ...niche, level },
    });
  expect(faultOf(said("0.95"))).toBeNull();
  expect(faultOf(said("0.85"))).toBe("level_range");
});

const usage = JSON.stringify(usageStatement("acc-1", model));

test.each([
  ["a name that stands twice", usage.replace('"calls":12', '"calls":99,"calls":12'), "name_repeated"],
  [
    "the same name, written otherwise",
    usage.replace('"calls":12', '"c\\u0061lls":99,"calls":12'),
    "name_repeated",
  ],
  ["a name that differs only in case", usage.replace('"calls":12', '"Calls":99,"calls":12'), "name_case"],
  ["half a character", usage.replace("listing-1", "\\ud800"), "text_hidden"],
  ["NUL", usage.replace("listing-1", "a\\u0000b"), "text_hidden"],
  ["a control of direction", usage.replace("listing-1", "a\u202Eb"), "text_hidden"],
  ["a control of direction in a name", usage.replace('"calls":12', '"calls":12,"\u2067x":1'), "text_hidden"],
])("a statement with %s is refused, of whatever kind", (_, text, code) => {
  expect(readSensibly(encoded(usage))?.fault).toBeNull();
  expect(readSensibly(encoded(text))?.fault).toBe(code);
  const foreign = (from: string) =>
    encoded(from.replace(/"predicateType":"[^"]*"/, '"predicateType":"https://example.org/other/v1"'));
  expect(readSensibly(foreign(text))?.fault).toBe(code);
  expect(readSensibly(foreign(usage))?.fault).toBe("kind_unknown");
});

test("names may be the same in different objects, and a mark of direction is part of a sentence", () => {
  const text = JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: "a", digest: { sha256: model } },
      { name: "b", digest: { sha256: model } },
    ],
    predicateType: "https://offcut.example/predicates/answer/v1",
    predicate: {
      seller: "s",
      listing: "l",
      answers: "c".repeat(64),
      body: "\u200Fשלום\u200E!",
      statedAt: at,
    },
  });
  expect(readSensibly(encoded(text))?.fault).toBeNull();
  expect(readSensibly(encoded(text.replace("!", "\u202E!")))?.fault).toBe("text_hidden");
});

test("nothing it names as past lies more than five minutes after the log had it", () => {
  const statement = usageStatement("acc-1", model);
  const to = Date.parse((statement.predicate as { to: string }).to);
  expect(faultOf(statement, new Date(to - 300_000))).toBeNull();
  expect(faultOf(statement, new Date(to - 300_001))).toBe("date_ahead");
});

test("every reason has a sentence of its own", () => {
  const sentences = Object.values(senseMessages);
  expect(new Set(sentences).size).toBe(sentences.length);
  expect(isSenseFault("name_case")).toBe(true);
  expect(isSenseFault("toString")).toBe(false);
});
