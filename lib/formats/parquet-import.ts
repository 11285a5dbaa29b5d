import { detectFormat } from "./detect-format";
import type { ForeignImport } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { importEveryEvalEverInstances } from "./every-eval-ever-instances";
import { refusedImport } from "./import-parts";
import { importLightEvalDetails } from "./lighteval-details";
import { type SamplesOptions, importLmEvalSamples } from "./lm-eval-samples";
import { parquetLines } from "./parquet-lines";

const byLines = {
  "lm-eval-samples": importLmEvalSamples,
  "lighteval-details": importLightEvalDetails,
  "every-eval-ever-instances": importEveryEvalEverInstances,
} as const;

/** Reads the rows of a Parquet file as those of the format that its columns show. */
export async function importParquet(
  name: string,
  input: ForeignInput,
  options: SamplesOptions,
): Promise<ForeignImport> {
  if (typeof input === "string") return refusedImport("parquet", "It is text, and no Parquet file.");
  const found = await parquetLines(input);
  if ("problem" in found) return refusedImport("parquet", found.problem);
  const format = detectFormat("rows.jsonl", found.lines);
  if (format in byLines) return byLines[format as keyof typeof byLines](name, found.lines, options);
  const isRows = found.columns.includes("label") && found.columns.includes("prediction");
  const hint = isRows ? " A file of rows goes under Evaluation." : "";
  return refusedImport("parquet", `Its columns are those of no format known here.${hint}`);
}
