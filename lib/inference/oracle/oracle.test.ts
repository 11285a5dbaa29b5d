import { expect, test } from "vitest";
import ort from "onnxruntime-node";
import { sessionOptions } from "../session-options";
import { oracleCases } from "./cases.fixture";
import { type Run, judge } from "./verdict.fixture";

/** The pinned runtime, asked as the runners ask it. */
async function verdictOf(of: ReturnType<typeof oracleCases>[number]) {
  const session = await ort.InferenceSession.create(of.file, sessionOptions);
  const run: Run = ({ name, type, data, shape }, fetches) =>
    session.run(
      { [name]: new ort.Tensor(type as "float32", data as Float32Array, shape) },
      fetches,
    ) as ReturnType<Run>;
  const verdict = await judge(of, run);
  await session.release();
  return verdict;
}

test.each(oracleCases(1, 120))(
  "$name: the pinned runtime gives the classes and scores of the specification, within the tolerance",
  async (of) => {
    const { most, flips, labels, rows } = await verdictOf(of);
    expect({ flips, labels, rows }).toEqual({ flips: 0, labels: 0, rows: 120 });
    expect(most).toBeLessThanOrEqual(of.tolerance);
  },
);
