import { canonicalJson } from "@/lib/shared/jcs";
import type { EvaluationView } from "./evaluation-view";

const COLUMNS = [
  "slice",
  "name",
  "seller_name",
  "condition",
  "n",
  "clusters",
  "right",
  "share",
  "lower_95",
  "upper_95",
  "interval",
  "base_rate",
  "base_label",
  "base_n",
  "level",
  "verdict",
  "independent_rows_needed",
  "chosen_on_these_rows",
  "known_before",
  "data_set",
  "measured_on",
  "stands_behind_it",
] as const;

type Shown = Pick<EvaluationView, "summary" | "dataSetName" | "finishedAt" | "grade">;

/** One line for the whole and one for each slice; values that a spreadsheet would run as a formula are quoted as text. */
export function slicesCsv({ summary, dataSetName, finishedAt, grade }: Shown): string {
  const { level, overall, slices } = summary;
  const none = { id: "", sellerName: null, condition: null, verdict: "", neededN: null };
  const whole = { ...overall, ...none, name: "all rows", discovered: false, knownBefore: false };
  const lines = [whole, ...slices].map((slice) =>
    [
      slice.id,
      slice.name,
      slice.sellerName,
      slice.condition && canonicalJson(slice.condition),
      slice.n,
      slice.clustered?.n ?? null,
      slice.k,
      slice.value,
      slice.lower,
      slice.upper,
      slice.intervalMethod,
      slice.baseRate,
      slice.baseLabel,
      slice.baseN,
      level,
      slice.verdict,
      slice.neededN,
      slice.discovered,
      slice.knownBefore,
      dataSetName,
      finishedAt.toISOString().slice(0, 10),
      grade,
    ].map(cell),
  );
  return [COLUMNS, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
