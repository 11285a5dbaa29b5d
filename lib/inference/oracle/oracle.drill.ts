import ort from "onnxruntime-node";
import { sessionOptions } from "../session-options";
import { oracleCases } from "./cases.fixture";
import { type Run, judge } from "./verdict.fixture";

const SEEDS = 10;
const ROWS = 2_000;

/** The suite in its long form: every family from ten seeds, 2,000 rows each, in calls of the case's rows and of one. */
for (let seed = 1; seed <= SEEDS; seed += 1) {
  for (const drawn of oracleCases(seed, ROWS)) {
    for (const rowsPerCall of new Set([drawn.rowsPerCall, 1])) {
      const session = await ort.InferenceSession.create(drawn.file, sessionOptions);
      const run: Run = ({ name, type, data, shape }, fetches) =>
        session.run(
          { [name]: new ort.Tensor(type as "float32", data as Float32Array, shape) },
          fetches,
        ) as ReturnType<Run>;
      const { most, flips, labels } = await judge({ ...drawn, rowsPerCall }, run);
      await session.release();
      const attack = `${drawn.name}, seed ${seed}, ${rowsPerCall} rows a call`;
      const within = most <= drawn.tolerance && flips + labels === 0;
      process.stdout.write(
        `${JSON.stringify({ attack, limit: drawn.tolerance, measured: most, flips, labels, within })}\n`,
      );
      if (!within) process.exitCode = 1;
    }
  }
}
