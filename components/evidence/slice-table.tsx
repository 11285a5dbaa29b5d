import { verdictTexts } from "@/components/catalogue/interval-chart";
import { SliceName } from "@/components/catalogue/slice-name";
import { levelText, rowsText } from "@/lib/catalogue/cost-text";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";

/** Every slice with its interval, rows, base rate and verdict, as numbers. */
export function SliceTable({ summary }: Pick<EvaluationView, "summary">) {
  const { level, overall, slices } = summary;
  const whole = { ...overall, id: "", name: "All rows", sellerName: null, verdict: null, neededN: null };
  return (
    <section>
      <h2 className="pb-1">Slices at {levelText(level)}</h2>
      <p className="max-w-[68ch] pb-3 text-sm text-ink-2">
        {overall.clustered
          ? "Some rows belong together and are not independent: intervals are 95 % ones, each slice by itself, drawn by whole clusters, and tests take one row of each. "
          : "Intervals are Wilson 95 %, each slice by itself. "}
        Verdicts are exact one-sided tests, adjusted for every slice examined, so a slice may be undecided
        although its interval lies to one side of the level.
      </p>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Slices of this evaluation">
        <table className="w-full min-w-150 text-sm tabular-nums">
          <thead className="border-b border-line-strong text-left text-ink-3">
            <tr>
              <th className="py-2 pr-4 font-normal">Slice</th>
              <th className="py-2 pr-4 text-right font-normal whitespace-nowrap">Right</th>
              <th className="py-2 pr-4 text-right font-normal whitespace-nowrap">95 % interval</th>
              <th className="py-2 pr-4 text-right font-normal whitespace-nowrap">
                <a href="/glossary#clusters">n</a>
              </th>
              <th className="py-2 pr-4 text-right font-normal whitespace-nowrap">Base rate</th>
              <th className="py-2 font-normal">Level</th>
            </tr>
          </thead>
          <tbody>
            {[whole, ...slices].map((slice) => (
              <tr key={slice.id} className="border-b border-line">
                <th scope="row" className="py-2 pr-4 text-left font-medium">
                  <SliceName name={slice.name} sellerName={slice.sellerName} />
                </th>
                <td className="py-2 pr-4 text-right whitespace-nowrap">
                  {slice.value === null ? "none" : percent(slice.value)}
                </td>
                <td className="py-2 pr-4 text-right whitespace-nowrap">
                  {figure(slice.lower)} – {figure(slice.upper)}
                </td>
                <td className="py-2 pr-4 text-right whitespace-nowrap">
                  {rowsText({ n: slice.n, clusters: slice.clustered?.n ?? null })}
                </td>
                <td className="py-2 pr-4 text-right whitespace-nowrap">
                  {slice.baseRate === null ? "none" : percent(slice.baseRate)}
                </td>
                <td className="py-2">
                  {slice.verdict === null ? "" : verdictTexts[slice.verdict]}
                  {slice.neededN === null
                    ? ""
                    : `, about ${slice.neededN.toLocaleString("en")} ${slice.clustered ? "clusters" : "rows"} would tell`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function figure(share: number): string {
  return (share * 100).toFixed(1);
}

function percent(share: number): string {
  return `${figure(share)} %`;
}
