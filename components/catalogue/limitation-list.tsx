import {
  countText,
  formatCount,
  formatInterval,
  formatShare,
  intervalTexts,
  originText,
} from "@/lib/catalogue/cost-text";
import { type ListedLimitation, limitationGroups, limitationTypes } from "@/lib/catalogue/limitation";
import { type Measures, NOT_MEASURED, limitKey, measuresText } from "@/lib/catalogue/limitation-link";

/** So many stand open, the worst; a model with many classes may have forty. */
const OPEN_LIMITS = 12;

const severityText = { minor: "minor", moderate: "moderate", severe: "severe" } as const;

/** Every stated limit: with its figure where one counts exactly what it names, and what "not stated" means. */
export function LimitationList({ limitations }: { limitations: readonly ListedLimitation[] }) {
  const present = limitations.filter((limitation) => limitation.presence === "present");
  const absent = limitations.filter((limitation) => limitation.presence === "absent");
  return (
    <div className="grid gap-4">
      {present.length === 0 && (
        <p className="text-ink-2">The seller states no limit. That is not the same as having none.</p>
      )}
      {present.length > 0 && <Entries limitations={present.slice(0, OPEN_LIMITS)} />}
      {present.length > OPEN_LIMITS && (
        <details>
          <summary className="min-h-6 text-sm text-ink-2">
            {formatCount(present.length - OPEN_LIMITS)} more, no more severe
          </summary>
          <div className="pt-3">
            <Entries limitations={present.slice(OPEN_LIMITS)} />
          </div>
        </details>
      )}
      {absent.length > 0 && (
        <p className="max-w-[68ch] text-sm text-ink-2">
          Looked for and not found, says the seller:{" "}
          {absent.map(({ type }) => limitationTypes[type].label).join(", ")}.
        </p>
      )}
      <p className="max-w-[68ch] text-sm text-ink-3">
        {notStatedCount(limitations)} other kinds of limit are <a href="/glossary#not_stated">not stated</a>:
        nobody said that the model has them, and nobody said that it was checked for them.
      </p>
    </div>
  );
}

function Entries({ limitations }: { limitations: readonly ListedLimitation[] }) {
  return (
    <dl className="divide-y divide-line rounded-lg border border-line bg-surface px-5">
      {limitations.map((limitation) => (
        <Entry
          key={limitKey(limitation)}
          limitation={limitation}
          group={limitationGroups[limitationTypes[limitation.type].group]}
        />
      ))}
    </dl>
  );
}

function Entry({ limitation, group }: { limitation: ListedLimitation; group: string }) {
  const { type, severity, condition, measures } = limitation;
  const { label, meaning } = limitationTypes[type];
  return (
    <div className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[15rem_minmax(0,1fr)]">
      <dt>
        <a
          href={`/glossary#${type}`}
          title={meaning}
          className="inline-flex min-h-6 items-center rounded-sm bg-ochre-soft px-2 text-sm text-ochre no-underline"
        >
          {label}
        </a>
        <span className="block pt-0.5 text-xs text-ink-3">
          {group} · {severityText[severity]}
        </span>
      </dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">
        {measures ? (
          <Measured measures={measures} limitation={limitation} />
        ) : (
          <>
            <p>{conditionText(condition, meaning)}</p>
            <p className="text-sm text-ink-3">{NOT_MEASURED}</p>
          </>
        )}
      </dd>
    </div>
  );
}

type MeasuredProps = { measures: Measures; limitation: ListedLimitation };

/** The sentence that a figure completes, made of what was counted; the seller's words stand apart from it. */
function Measured({ measures, limitation: { figure, condition } }: MeasuredProps) {
  return (
    <>
      <p>
        {measuresText(measures)}
        {figure ? (
          <>
            : <b className="font-medium tabular-nums">{formatShare(figure.value)}</b>
          </>
        ) : (
          "."
        )}
      </p>
      <p className="text-sm text-ink-3 tabular-nums">
        {figure
          ? `${formatInterval(figure.lower, figure.upper)} (${intervalTexts[figure.intervalMethod]}), ${countText(figure)}. ${originText({ ...figure, at: figure.measuredAt })}.`
          : NOT_MEASURED}
      </p>
      {condition !== "" && <p className="pt-1 text-sm text-ink-2">In the seller’s words: “{condition}”</p>}
    </>
  );
}

/** A condition that is no sentence of its own says where the meaning applies. */
function conditionText(condition: string, meaning: string): string {
  if (condition === "") return meaning;
  return /[.!?]$/.test(condition) ? condition : `${meaning} Here: ${condition}.`;
}

function notStatedCount(limitations: readonly ListedLimitation[]): number {
  return Object.keys(limitationTypes).length - new Set(limitations.map(({ type }) => type)).size;
}
