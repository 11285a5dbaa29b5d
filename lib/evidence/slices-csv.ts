import type { EvaluationView } from "./evaluation-view";

const COLUMNS = [
  "slice",
  "name",
  "n",
  "right",
  "share",
  "wilson_95_lower",
  "wilson_95_upper",
  "base_rate",
  "level",
  "verdict",
  "rows_needed",
  "chosen_on_these_rows",
  "data_set",
  "measured_on",
  "stands_behind_it",
] as const;

type Shown = Pick<EvaluationView, "summary" | "dataSetName" | "finishedAt" | "grade">;

/** One line for the whole and one for each slice; values that a spreadsheet would run as a formula are quoted as text. */
export function slicesCsv({ summary, dataSetName, finishedAt, grade }: Shown): string {
  const { level, overall, slices } = summary;
  const whole = { ...overall, id: "", name: "all rows", verdict: "", neededN: null, discovered: false };
  const lines = [whole, ...slices].map((slice) =>
    [
      slice.id,
      slice.name,
      slice.n,
      slice.k,
      slice.value,
      slice.lower,
      slice.upper,
      slice.baseRate,
      level,
      slice.verdict,
      slice.neededN,
      slice.discovered,
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
