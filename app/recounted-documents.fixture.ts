import type { Comparison } from "./comparison.fixture";
import { type Recount, countOfLink, costOf } from "./recount.fixture";
import { comparePages, grouped } from "./recounted-pages.fixture";
import { type Documents, type Run, runOf } from "./served-documents.fixture";

/** Every figure of every document about a listing, held against its recount. */
export function compare(documents: Documents, to: Comparison): void {
  for (const run of documents.runs) compareStatement(documents.slug, run, to);
  const leading = leadingOf(documents.runs);
  compareCells(documents, leading, to);
  compareLimitations(documents, leading, to);
  comparePassport(documents, to);
  for (const [id, csv] of documents.csv) compareCsv(id, csv, runOf(documents, id), to);
  comparePages(documents, leading, to);
}

function leadingOf(runs: readonly Run[]): Run {
  const [leading] = runs
    .filter(({ statement }) => statement.evaluator.role === "platform")
    .sort((a, b) => b.statement.dataSet.n - a.statement.dataSet.n);
  if (!leading) throw new Error("Nothing was measured here.");
  return leading;
}

const COUNTS = ["n", "k", "value", "lower", "upper", "interval", "baseLabel", "baseK", "baseN"] as const;
const VERDICTS = ["id", "verdict", "pFilled", "pFails", "pBeatsBase", "neededRows"] as const;

function compareStatement(slug: string, { statement, recount }: Run, to: Comparison): void {
  const at = `${slug}, ${statement.dataSet.name}`;
  const same = (where: string, mine: unknown, shown: unknown) =>
    to.same("envelope", `${at}, ${where}`, mine, shown);
  same("digest of the rows", recount.rowsDigest, statement.dataSet.rows.sha256);
  same("rows", recount.overall.n, statement.dataSet.n);
  same("clusters", recount.clusters, statement.clusters?.n);
  same("niche", recount.showsNiche, statement.showsNiche);
  same("slices", recount.slices.length, statement.slices.length);
  for (const [place, mine] of [recount.overall, ...recount.slices].entries()) {
    const shown = place === 0 ? statement.overall : (statement.slices[place - 1] ?? {});
    const name = place === 0 ? "all rows" : String(shown["name"]);
    for (const field of COUNTS) same(`${name}, ${field}`, mine[field], shown[field]);
    same(`${name}, base rate`, mine.baseN === 0 ? null : mine.baseK / mine.baseN, shown["baseRate"]);
    same(`${name}, clusters`, mine.shapes, shown["clusters"]);
  }
  for (const [place, mine] of recount.slices.entries())
    for (const field of VERDICTS)
      same(`slice ${place}, ${field}`, mine[field], statement.slices[place]?.[field]);
  for (const { score_details: told } of statement.results) {
    const { lower, upper, method } = told.uncertainty.confidence_interval;
    same("result", [recount.overall.n, recount.overall.interval], [told.uncertainty.num_samples, method]);
    for (const [mine, shown] of [
      [recount.overall.value, told.score],
      [recount.overall.lower, lower],
      [recount.overall.upper, upper],
    ])
      same("result", mine, shown);
  }
}

function compareCells({ slug, detail, row }: Documents, { recount, statement }: Run, to: Comparison): void {
  const same = (where: string, mine: unknown, shown: unknown) =>
    to.same("listing in the API", `${slug}, ${where}`, mine, shown);
  same("level", Number(statement.method.level), detail.judgedLevel);
  same("rows", recount.overall.n, detail.evaluatedRows);
  for (const [place, mine] of recount.slices.entries()) {
    const [cell, brief] = [detail.envelope[place], row.envelope[place]];
    const name = String(statement.slices[place]?.["name"]);
    same("name", name, cell?.slice);
    for (const field of ["n", "value", "lower", "upper", "verdict"] as const) {
      same(`${name}, ${field}`, mine[field] ?? 0, cell?.[field]);
      to.same("row in the API", `${slug}, ${name}, ${field}`, mine[field] ?? 0, brief?.[field]);
    }
    for (const field of ["k", "baseLabel", "baseN"] as const)
      same(`${name}, ${field}`, mine[field], cell?.[field]);
    same(`${name}, interval`, mine.interval, cell?.["intervalMethod"]);
    same(`${name}, needed`, mine.neededRows, cell?.["neededN"]);
    same(`${name}, clusters`, clustersOf(mine), cell?.["clusters"]);
    same(`${name}, base rate`, mine.baseN === 0 ? 0 : mine.baseK / mine.baseN, cell?.["baseRate"]);
  }
  const cost = costOf(recount, statement, detail);
  const shown = detail.costPer1kCorrect;
  if (!cost || "unknown" in shown) to.same("cost", `${slug}, known`, cost !== null, !("unknown" in shown));
  else {
    // Whole thousandths, each part rounded up.
    to.same("cost", slug, true, Math.abs(cost.value - shown.milliMinor) <= 1);
    to.same("cost", `${slug}, at the upper bounds`, true, Math.abs(cost.lower - shown.lowerMilliMinor) <= 1);
  }
}

const clustersOf = ({ shapes }: Recount["overall"]) =>
  shapes && shapes.reduce((sum, [, , count]) => sum + count, 0);

/** A figure beside a limitation counts exactly what the limitation names, or there is none. */
function compareLimitations(
  { slug, detail, pages }: Documents,
  { recount, statement }: Run,
  to: Comparison,
): void {
  for (const { type, measures, figure } of detail.limitations) {
    const same = (where: string, mine: unknown, shown: unknown) =>
      to.same("limitation", `${slug}, ${type}, ${where}`, mine, shown);
    same("a figure has what it measures", figure !== null && measures === null, false);
    if (!measures || !figure) continue;
    const { name, ...link } = measures;
    same("what is counted", link, figure.of);
    const slice = statement.slices.find(({ id }) => id === measures.slice);
    if (measures.slice !== undefined) same("name of the slice", slice?.["name"], name);
    if (measures.class !== undefined) same("class", true, statement.classes?.includes(measures.class));
    const mine = countOfLink(recount, measures);
    for (const field of ["k", "n", "value", "lower", "upper"] as const)
      same(field, mine?.[field], figure[field]);
    same("interval", mine?.interval, figure["intervalMethod"]);
    if (mine) same("on the page", true, pages.listing.includes(`${grouped(mine.k)} of ${grouped(mine.n)}`));
  }
}

function comparePassport(documents: Documents, to: Comparison): void {
  for (const { slice, value, confidenceInterval } of documents.passport.modelCard.quantitativeAnalysis
    .performanceMetrics) {
    const [, name = "", n = "", method = "", id = ""] =
      /^(.*?)(?: \(exploratory\))? \[n=([\d,]+).*; ([^;]*?),? pointwise; evaluation (.*)\]$/.exec(slice) ??
      [];
    const { recount, statement } = runOf(documents, id);
    const place = statement.slices.findIndex((one) => one["name"] === name);
    const mine = name === "all rows" ? recount.overall : recount.slices[place];
    const same = (where: string, one: unknown, shown: unknown) =>
      to.same("passport", `${documents.slug}, ${name}, ${where}`, one, shown);
    same("n", mine?.n, Number(n.replaceAll(",", "")));
    same("value", mine?.value, value);
    same("lower", mine?.lower, confidenceInterval.lowerBound);
    same("upper", mine?.upper, confidenceInterval.upperBound);
    same("interval", mine?.interval === "clustered_bootstrap_95", !method.includes("Wilson"));
  }
}

function compareCsv(id: string, csv: string, { recount, statement }: Run, to: Comparison): void {
  const [header = [], ...lines] = csv.trim().split("\r\n").map(csvFields);
  for (const [place, mine] of [recount.overall, ...recount.slices].entries()) {
    const judged = recount.slices[place - 1];
    const line = lines[place] ?? [];
    const shown = (column: string) => line[header.indexOf(column)] ?? "";
    const same = (column: string, one: unknown) =>
      to.same(
        "slices as CSV",
        `${id}, line ${place + 1}, ${column}`,
        one ?? "",
        typeof one === "number" ? Number(shown(column)) : shown(column),
      );
    same("n", mine.n);
    same("right", mine.k);
    same("share", mine.value);
    same("lower_95", mine.lower);
    same("upper_95", mine.upper);
    same("interval", mine.interval);
    same("clusters", clustersOf(mine));
    same("base_label", mine.baseLabel);
    same("base_n", mine.baseN);
    same("base_rate", mine.baseN === 0 ? null : mine.baseK / mine.baseN);
    same("level", Number(statement.method.level));
    same("slice", judged?.id);
    same("verdict", judged?.verdict);
    same("independent_rows_needed", judged?.neededRows);
  }
  to.same("slices as CSV", `${id}, lines`, recount.slices.length + 1, lines.length);
}

function csvFields(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, field = ""]) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}
