import { Slices } from "@/components/catalogue/works-and-breaks";
import { costTexts, formatShare, levelText } from "@/lib/catalogue/cost-text";
import type { TrialView } from "@/lib/evidence/trial-view";

type Props = { trial: TrialView; slug: string; currency: string };

/** What came of one trial: the answer, its time and cost, and what the record says of inputs like it. */
export function TrialAnswer({ trial, slug, currency }: Props) {
  const { answer, record, prompt } = trial;
  return (
    <div role="status" className="grid gap-5">
      <section className="grid gap-2 rounded-lg border border-line bg-surface px-5 py-4.5">
        <h2>Its answer</h2>
        {answer.refused !== null ? (
          <p className="text-ochre">It gave none: {answer.refused}</p>
        ) : (
          <>
            <p className="text-lg font-semibold whitespace-pre-wrap [overflow-wrap:anywhere]">
              {answer.prediction === "" ? "Nothing" : answer.prediction}
            </p>
            <Scores scores={answer.scores} confidence={answer.confidence} />
          </>
        )}
        <p className="text-sm text-ink-3 tabular-nums">{timeText(trial, currency)}</p>
        {prompt !== null && (
          <details>
            <summary className="min-h-6 text-sm text-ink-2">The whole prompt</summary>
            <pre className="mt-2 rounded-md bg-sunken p-3 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
              {prompt}
            </pre>
          </details>
        )}
      </section>
      {answer.refused === null && <Record record={record} slug={slug} />}
    </div>
  );
}

function Scores({ scores, confidence }: Pick<TrialView["answer"], "scores" | "confidence">) {
  if (scores.length === 0)
    return confidence === null ? null : (
      <p className="text-ink-2">Its own confidence: {formatShare(confidence)}</p>
    );
  return (
    <ul className="grid max-w-[36ch] gap-1 text-sm" aria-label="Its own confidence">
      {scores.slice(0, 5).map(({ label, score }) => (
        <li key={label} className="flex justify-between gap-4">
          <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
          <span className="tabular-nums">{formatShare(score)}</span>
        </li>
      ))}
    </ul>
  );
}

const verdicts = [
  { verdict: "filled", tone: "works", title: "Works here" },
  { verdict: "fails", tone: "breaks", title: "Breaks here" },
  { verdict: "not_enough_evidence", tone: "unknown", title: "Not enough evidence" },
] as const;

function Record({ record, slug }: { record: TrialView["record"]; slug: string }) {
  const within = record?.within ?? [];
  return (
    <section className="grid gap-3 rounded-lg border border-line bg-surface px-5 py-4.5">
      <h2>Its record for inputs like this one</h2>
      {within.length === 0 && <p className="text-ink-2">{nothingText(record)}</p>}
      {record &&
        verdicts.map(({ verdict, tone, title }) => {
          const cells = within.filter((cell) => cell.verdict === verdict);
          return cells.length === 0 ? null : (
            <div key={verdict}>
              <h3 className="text-sm text-ink-2">
                {title} at {levelText(record.level)}
              </h3>
              <Slices cells={cells} level={record.level} tone={tone} />
            </div>
          );
        })}
      {record && record.undecided.length > 0 && (
        <p className="text-sm text-ink-3">
          It may also fall in: {record.undecided.map(({ name }) => name).join("; ")}. What you left open above
          would decide that.
        </p>
      )}
      {record && within.length > 0 && (
        <p className="text-xs text-ink-3">
          {record.origin}. Share right of the rows of that slice, with its 95 % interval: a figure about those
          rows, not about yours.
        </p>
      )}
      <p>
        <a className="link" href={`/listings/${slug}`}>
          The whole record
        </a>
      </p>
    </section>
  );
}

function nothingText(record: TrialView["record"]): string {
  if (!record) return "Nothing is known about inputs like this. Nobody signed a run of this model.";
  return record.undecided.length > 0
    ? "Nothing is known yet: whether it falls in a slice that was measured depends on what you left open."
    : "Nothing is known about inputs like this. It falls in none of the slices that were measured.";
}

function timeText({ milliseconds, isServed, computePerThousandMilli }: TrialView, currency: string): string {
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toLocaleString("en");
  if (isServed) return `Answered in ${time} ms by its seller’s server.`;
  const milli = BigInt(computePerThousandMilli);
  const { value } = costTexts({ value: milli, lower: milli, upper: milli }, currency);
  return `${time} ms of computing here, without the price of a licence: ${value} for 1,000 such calls.`;
}
