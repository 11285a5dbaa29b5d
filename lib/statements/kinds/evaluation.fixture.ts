import fc from "fast-check";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { evaluationStatement } from "../evaluation-statement";
import { type About, type Binding, aboutNames } from "./binding";
import { count, hex, id, instant, words } from "./field.fixture";

const binding: fc.Arbitrary<Binding> = fc.oneof(
  fc.constant({ kind: "ran_here" } as const),
  fc.record({ kind: fc.constant("answers_only" as const), reason: words }),
  fc.record({ kind: fc.constant("asked_here" as const), contract: hex }),
  fc.record({
    kind: fc.constant("reran_here" as const),
    file: hex,
    rows: count,
    flips: fc.constant(0),
    flipsPerThousand: fc.constantFrom(0, 5),
    tolerance: fc.constant("0.00001"),
    runtime: fc.record({
      name: words,
      version: words,
      node: words,
      architecture: words,
      cpuFeatures: words,
      libc: words,
      isolation: words,
      threads: count,
      rowsPerCall: count,
    }),
    at: instant,
  }),
);

/** What such answers are tied to; anything where nothing ties them. */
const boundTo: Partial<Record<Binding["kind"], About>> = {
  ...{ ran_here: "files", reran_here: "files", asked_here: "endpoint" },
};

/** The predicate of any evaluation, as it is made here. */
export const evaluation = fc
  .record({
    rows: fc.array(
      fc.record({
        label: fc.constantFrom("a", "b"),
        prediction: fc.constantFrom("a", "b"),
        columns: fc.constantFrom(new Map(), columnValues([["s", "true"]])),
        cluster: fc.constantFrom("1", "2", "3"),
      }),
      { maxLength: 60 },
    ),
    level: fc.constantFrom(0.8, 0.9, 0.95, 0.99),
    role: fc.constantFrom("platform" as const, "seller" as const, "third_party" as const),
    binding,
    about: fc.constantFrom(...aboutNames),
    account: id,
    at: instant,
    sha256: hex,
  })
  .map(({ rows, level, role, binding, about, account, at, sha256 }) => {
    const slices = [{ ...columnSlice("s", "true"), sellerName: "Slice" }];
    return evaluationStatement({
      subject: { about: boundTo[binding.kind] ?? about, sha256 },
      evaluator: { role, account, relation: role === "seller" ? "first_party" : "third_party" },
      binding: binding.kind === "reran_here" ? { ...binding, rows: rows.length } : binding,
      dataSet: { name: "x", rowsSha256: sha256, use: "attestation", observedFrom: null, observedTo: null },
      summary: summariseEvaluation(rows, slices, level, { seed: sha256 }),
      runtime: null,
      startedAt: null,
      finishedAt: new Date(at),
    }).predicate;
  });
