import { formatCount, formatInterval } from "@/lib/catalogue/cost-text";
import {
  type Limitation,
  type LimitationGroup,
  limitationGroups,
  limitationTypes,
} from "@/lib/catalogue/limitation";

const severityText = { minor: "minor", moderate: "moderate", severe: "severe" } as const;

/** Every stated limit with its condition, severity, measured effect and source, and what "not stated" means. */
export function LimitationList({ limitations }: { limitations: readonly Limitation[] }) {
  const present = limitations.filter((limitation) => limitation.presence === "present");
  const absent = limitations.filter((limitation) => limitation.presence === "absent");
  const groups = (Object.keys(limitationGroups) as LimitationGroup[])
    .map((group) => ({ group, list: present.filter(({ type }) => limitationTypes[type].group === group) }))
    .filter(({ list }) => list.length > 0);
  return (
    <div className="grid gap-4">
      {present.length === 0 && (
        <p className="text-ink-2">The seller states no limit. That is not the same as having none.</p>
      )}
      <dl className="divide-y divide-line rounded-lg border border-line bg-surface px-5">
        {groups.flatMap(({ group, list }) =>
          list.map((limitation) => (
            <Entry key={limitation.type} limitation={limitation} group={limitationGroups[group]} />
          )),
        )}
      </dl>
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

function Entry({ limitation, group }: { limitation: Limitation; group: string }) {
  const { type, severity, condition, effect, source } = limitation;
  const { label, meaning } = limitationTypes[type];
  return (
    <div className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[15rem_minmax(0,1fr)]">
      <dt>
        <a
          href={`/glossary#${type}`}
          className="inline-flex min-h-6 items-center rounded-sm bg-ochre-soft px-2 text-sm text-ochre no-underline"
        >
          {label}
        </a>
        <span className="block pt-0.5 text-xs text-ink-3">
          {group} · {severityText[severity]}
        </span>
      </dt>
      <dd className="min-w-0">
        <p>{conditionText(condition, meaning)}</p>
        <p className="text-sm text-ink-3 tabular-nums">
          {effect
            ? `Measured: ${effect.measure} ${formatInterval(effect.lower, effect.upper)} % (95 %), ${formatCount(effect.k)} of ${formatCount(effect.n)}.`
            : source === "measured"
              ? "Drafted from slices measured to fail."
              : "Stated by the seller, not measured."}
        </p>
      </dd>
    </div>
  );
}

/** A condition that is no sentence of its own says where the meaning applies. */
function conditionText(condition: string, meaning: string): string {
  if (condition === "") return meaning;
  return /[.!?]$/.test(condition) ? condition : `${meaning} Here: ${condition}.`;
}

function notStatedCount(limitations: readonly Limitation[]): number {
  return Object.keys(limitationTypes).length - limitations.length;
}
