import { expect, test } from "vitest";
import type { ListedCost } from "@/lib/catalogue/listed-standing";
import type { EvidenceGradeName } from "@/lib/catalogue/standing";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { conditionId } from "@/lib/measurement/condition";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import {
  type OfferedPart,
  type SignedEvaluation,
  judgementOf,
  leadingEvaluation,
  listedCost,
  standingOf,
} from "./evidence-standing";

const allRows = columnSlice("all", "true");
const allId = conditionId(allRows.condition);

const roleOf = {
  claimed: "seller",
  seller_signed: "seller",
  third_party: "third_party",
  platform_measured: "platform",
  reproduced: "third_party",
} as const;

const standing = (runs: readonly SignedEvaluation[], of: Parameters<typeof standingOf>[2], rate: bigint) =>
  standingOf(runs, () => false, of, [], rate);

function evaluation(
  grade: EvidenceGradeName,
  facts: { n?: number; right?: number; by?: string; day?: number; isBound?: boolean } = {},
) {
  const { n = 200, right = n, by = grade, day = 1, isBound = true } = facts;
  const rows = Array.from({ length: n }, (_, index) => ({
    label: index % 2 ? "a" : "b",
    prediction: index < right ? (index % 2 ? "a" : "b") : "wrong",
    columns: columnValues([["all", "true"]]),
  }));
  const slices = [allRows];
  return {
    id: `${grade}-${n}-${right}-${day}`,
    grade,
    evaluatorId: grade === "platform_measured" ? null : by,
    role: roleOf[grade],
    isBound,
    isIndependent: grade !== "seller_signed",
    isAttestation: true,
    rowsDigest: `${grade} ${n} ${right} ${day}`,
    summary: summariseEvaluation(rows, slices, 0.8),
    dataSetName: "Rows",
    finishedAt: new Date(Date.UTC(2026, 0, day)),
    msPer1000: grade === "platform_measured" ? 3_600_000 : null,
  } satisfies SignedEvaluation;
}

const weights: OfferedPart = {
  part: "weights",
  pricing: "one_off",
  priceMinor: 1_200_000n,
  termMonths: null,
  isOffered: true,
};
const listing = { level: 0.8, isEndpoint: false, parts: [weights] };
const RATE = 20n;

test("a listing without signed evidence only states", () => {
  expect(standing([], listing, RATE)).toEqual({
    evidenceGrade: "claimed",
    evidenceAt: null,
    envelope: [],
    evaluatedRows: 0,
    judgedLevel: null,
    cost: { state: "unknown", reason: "no_evidence" },
    figures: [],
  });
});

test("a kinder evaluation of the seller's own never takes the place of an independent one", () => {
  const own = evaluation("seller_signed", { n: 5_000, day: 20 });
  const measured = evaluation("platform_measured", { n: 100, right: 50 });
  expect(leadingEvaluation([own, measured])).toBe(measured);
  expect(standing([own, measured], listing, RATE).evidenceGrade).toBe("platform_measured");
});

test("a linked evaluator's bound run leads before the seller's own, however many rows that has", () => {
  const own = evaluation("seller_signed", { n: 5_000, day: 20 });
  const linked = { ...evaluation("seller_signed", { n: 100, right: 50 }), role: "third_party" as const };
  expect(leadingEvaluation([own, linked])).toBe(linked);
});

test("an evaluator's word that nothing ties to the files judges nothing, however many rows it counts", () => {
  const word = {
    ...evaluation("seller_signed", { n: 5_000, right: 100, isBound: false }),
    role: "third_party" as const,
  };
  const own = evaluation("seller_signed", { n: 100, isBound: false });
  expect(leadingEvaluation([word])).toBeNull();
  expect(leadingEvaluation([word, own])).toBe(own);
  const rerun = evaluation("seller_signed", { n: 50 });
  expect(leadingEvaluation([own, rerun])).toBe(rerun);
});

test("within a grade the most rows lead, then the newest", () => {
  const small = evaluation("third_party", { n: 100, day: 9 });
  const large = evaluation("third_party", { n: 300, day: 1 });
  const later = evaluation("third_party", { n: 300, day: 2 });
  expect(leadingEvaluation([small, large, later])).toBe(later);
});

test("an endpoint is never more than third-party, also when two runs agree", () => {
  const runs = [evaluation("platform_measured"), evaluation("third_party")];
  expect(standing(runs, listing, RATE).evidenceGrade).toBe("reproduced");
  expect(standing(runs, { ...listing, isEndpoint: true }, RATE).evidenceGrade).toBe("third_party");
});

const known = (cost: ListedCost) => {
  if (cost.state === "unknown") throw new Error(`The cost is not known: ${cost.reason}`);
  return cost;
};

test("cost is the price spread over a year plus compute, divided by the lower bound", () => {
  const cost = known(standing([evaluation("platform_measured")], listing, RATE).cost);
  // 1,200,000 minor over 1,200,000 calls is 1,000 for 1,000 calls; an hour of compute adds 20.
  const { lower } = evaluation("platform_measured").summary.overall;
  expect(Number(cost.value)).toBeCloseTo(1_020_000 / lower, -1);
  expect(cost.lower).toBe(1_020_000n);
  expect(cost.upper).toBe(cost.value);
});

test("a shorter licence is spread over its own term, a longer one over the volume; hosted access adds no compute", () => {
  const run = evaluation("platform_measured");
  const costOfTerm = (termMonths: number | null, months: number) => {
    const parts = [{ ...weights, termMonths }];
    const terms = { rateMinorPerHour: RATE, volume: { callsPerMonth: 100_000, months } };
    return known(listedCost(judgementOf([run], () => false, { ...listing, parts }, terms)!.cost)).lower;
  };
  expect(costOfTerm(6, 12)).toBe(2_020_000n);
  expect(costOfTerm(null, 24)).toBe(520_000n);
  const hosted: OfferedPart = {
    ...weights,
    part: "hosted_access",
    pricing: "per_1000_calls",
    priceMinor: 15n,
  };
  const perCall = standing([run], { ...listing, parts: [hosted] }, RATE);
  expect(known(perCall.cost).lower).toBe(15_000n);
});

test.each([
  [
    "no_answers",
    { parts: [{ ...weights, part: "evaluation_records" as const }] },
    evaluation("platform_measured"),
  ],
  ["nothing_reached", {}, evaluation("platform_measured", { right: 40 })],
  ["compute_not_measured", {}, evaluation("third_party")],
] as const)("a cost that is not known says why, and is no number: %s", (reason, changes, run) => {
  expect(standing([run], { ...listing, ...changes }, RATE).cost).toEqual({ state: "unknown", reason });
});

test("a limitation has the figure that the leading run has of exactly what it names, or none", () => {
  const measurable = [
    { id: "slice", measures: { quantity: "accuracy" as const, slice: allId, name: "Called otherwise" } },
    { id: "class", measures: { quantity: "recall" as const, class: "a" } },
    { id: "other slice", measures: { quantity: "accuracy" as const, slice: "nobody examined", name: "All" } },
    { id: "other class", measures: { quantity: "recall" as const, class: "c" } },
  ];
  const own = evaluation("seller_signed", { n: 900, right: 100 });
  const { figures } = standingOf(
    [own, evaluation("platform_measured", { right: 190 })],
    () => false,
    listing,
    measurable,
    RATE,
  );
  expect(figures.map(({ limitationId, figure: { of, k, n } }) => [limitationId, of, k, n])).toEqual([
    ["slice", { quantity: "accuracy", slice: allId }, 190, 200],
    ["class", { quantity: "recall", class: "a" }, 95, 100],
  ]);
  expect(figures[0]?.figure).toMatchObject({
    ...{ intervalMethod: "wilson_95", clusters: null },
    grade: "platform_measured",
    dataSetName: "Rows",
    evaluationId: "platform_measured-200-190-1",
    measuredAt: new Date("2026-01-01"),
  });
});
