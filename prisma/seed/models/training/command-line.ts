import { writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { modelsFolder } from "./fit";

/**
 * What every `train.ts` does when it is run: with `--collect FOLDER` it first reads the
 * source packages installed there and writes the row files again; then it trains.
 */
export async function runTraining(
  file: string,
  slug: string,
  collect: (folder: string) => void | Promise<void>,
  train: () => Uint8Array,
): Promise<void> {
  if (process.argv[1] !== file) return;
  await runCollection(file, collect);
  const bytes = train();
  writeFileSync(path.join(modelsFolder, slug, "model.onnx"), bytes);
  console.log(`${slug}: ${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`);
}

/** Of a model that is trained by another program, or by nobody here: with `--collect FOLDER` the rows are written again. */
export async function runCollection(
  file: string,
  collect: (folder: string) => void | Promise<void>,
): Promise<void> {
  const at = process.argv.indexOf("--collect");
  const folder = process.argv[at + 1];
  if (process.argv[1] === file && at > 0 && folder) await collect(folder);
}
