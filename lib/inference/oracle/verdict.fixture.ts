import { DTYPE } from "@/lib/artifact/onnx-writer";
import type { OracleCase } from "./case.fixture";

/** What a runtime gives for the outputs that were asked for, flat. */
export type Run = (
  feed: { name: string; type: "float32" | "string"; data: Float32Array | string[]; shape: number[] },
  fetches: string[],
) => Promise<Record<string, { data: ArrayLike<unknown>; dims: readonly number[] }>>;

export type Verdict = {
  /** The largest distance of a score from the right one. */
  most: number;
  /** Rows whose strongest score is another one than the right one, by more than the tolerance. */
  flips: number;
  /** Rows whose label output is not the right one. */
  labels: number;
  rows: number;
};

/** Runs a case as the runner does, `rowsPerCall` rows a call, and holds it against its reference. */
export async function judge(of: OracleCase, run: Run): Promise<Verdict> {
  const verdict = { most: 0, flips: 0, labels: 0, rows: of.rows.length };
  const fetches = [of.scores?.output, of.labels?.output].filter((name) => name !== undefined);
  for (let first = 0; first < of.rows.length; first += of.rowsPerCall) {
    const rows = of.rows.slice(first, first + of.rowsPerCall);
    const results = await run(feedOf(of, rows), fetches);
    const scores = of.scores && results[of.scores.output];
    rows.forEach((_, at) => {
      const right = of.scores?.right[first + at] ?? [];
      const got = right.map((_unused, column) => Number(scores?.data[at * right.length + column]));
      const away = right.map((value, column) => Math.abs(value - (got[column] ?? Number.NaN)));
      verdict.most = Math.max(
        verdict.most,
        ...away.map((distance) => (Number.isNaN(distance) ? Infinity : distance)),
      );
      if (isFlipped(right, got, of.tolerance)) verdict.flips += 1;
      if (!of.labels) return;
      const said = results[of.labels.output]?.data[at];
      const wanted = of.labels.right[first + at];
      if (String(said) !== String(wanted) && !isTie(right, of.tolerance)) verdict.labels += 1;
    });
  }
  return verdict;
}

function feedOf({ input }: OracleCase, rows: OracleCase["rows"]): Parameters<Run>[0] {
  const shape = [rows.length, ...input.shape];
  return input.type === DTYPE.string
    ? { name: input.name, type: "string", data: rows.flat().map(String), shape }
    : { name: input.name, type: "float32", data: Float32Array.from(rows.flat().map(Number)), shape };
}

/** The strongest two are closer together than two honest runs may be apart. */
function isTie(right: readonly number[], tolerance: number): boolean {
  const [most = 0, second = -Infinity] = right.toSorted((a, b) => b - a);
  return most - second <= 2 * tolerance;
}

function isFlipped(right: readonly number[], got: readonly number[], tolerance: number): boolean {
  if (right.length < 2 || isTie(right, tolerance)) return false;
  const strongest = (row: readonly number[]) => row.indexOf(Math.max(...row));
  return strongest(right) !== strongest(got);
}
