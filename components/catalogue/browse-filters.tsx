import type { ReactNode } from "react";
import { bandOf } from "@/lib/catalogue/band";
import type { FacetName } from "@/lib/catalogue/browse-filter";
import type { BrowseQuery } from "@/lib/catalogue/browse-query";
import type { Facets, FacetValue } from "@/lib/catalogue/facet-count";
import {
  type LimitationGroup,
  limitationGroups,
  limitationTypeNames,
  limitationTypes,
} from "@/lib/catalogue/limitation";
import { valueLabel } from "@/lib/catalogue/filter-label";
import type { EvidenceGradeName } from "@/lib/catalogue/standing";
import { controlClass } from "@/components/ui/field";

type Props = { query: BrowseQuery; facets: Facets; currency: string };

const VISIBLE_OPTIONS = 6;

/** "At least this" excludes nobody. */
const weakestGrade: EvidenceGradeName = "claimed";

/** Amounts offered as limits, in hundredths of the main unit; each is the edge of a band, so its count is exact. */
const PRICE_STEPS = [0, 100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000].map(BigInt);
const COST_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(BigInt);

/** The filter column. Every option says how many listings would remain; an option without any is switched off, not hidden. */
export function BrowseFilters(props: Props) {
  const { query, facets } = props;
  return (
    <div className="grid">
      <Options {...props} facet="task" legend="Task" chosen={query.task} />
      <Exclusions {...props} />
      <Limit
        {...props}
        facet="maxCostPer1kCorrectMinor"
        legend="Cost per 1,000 correct"
        hint="Every call that has to be paid, over the right answers it is shown to give, at 100,000 calls a month for 12 months: this limit and the order count so. A listing works it out for your own volume."
        steps={COST_STEPS}
        bands={facets.maxCostPer1kCorrectMinor}
        bandOfStep={(step) => bandOf(step * 1000n)}
      />
      <Options
        {...props}
        facet="minEvidence"
        legend="Who stands behind it"
        chosen={[query.minEvidence ?? ""]}
        isRadio
      />
      <Limit
        {...props}
        facet="maxPriceMinor"
        legend="Price"
        hint="Of the part named first: the weights, where they are for sale."
        steps={PRICE_STEPS}
        bands={facets.maxPriceMinor}
        bandOfStep={bandOf}
      />
      <Options {...props} facet="domain" legend="Domain" chosen={query.domain} />
      <Options {...props} facet="language" legend="Language" chosen={query.language} />
      <Options {...props} facet="right" legend="Must allow" chosen={query.right} />
      <Options {...props} facet="part" legend="For sale" chosen={query.part} />
    </div>
  );
}

type OptionsProps = Props & {
  facet: FacetName;
  legend: string;
  chosen: readonly string[];
  isRadio?: boolean;
};

/**
 * The options of one facet, the most frequent first. A choice does not move its own option: a facet's own choice does
 * not change its own counts.
 */
function Options({ facet, facets, legend, chosen, isRadio, currency }: OptionsProps) {
  const options = withChosen(facets[facet], chosen).filter(
    ({ value }) => facet !== "minEvidence" || value !== weakestGrade || chosen.includes(value),
  );
  if (options.length === 0) return null;
  const render = ({ value, count }: FacetValue) => (
    <Option
      key={value}
      name={facet}
      value={value}
      label={valueLabel(facet, value, currency)}
      count={count}
      isChosen={chosen.includes(value)}
      isRadio={isRadio}
    />
  );
  const visible = isRadio ? options.length : VISIBLE_OPTIONS;
  const rest = options.slice(visible);
  return (
    <Group legend={legend}>
      {isRadio && <Option name={facet} value="" label="Anybody" isChosen={chosen.includes("")} isRadio />}
      {options.slice(0, visible).map(render)}
      {rest.length > 0 && (
        <More label={`${rest.length} more`} isOpen={rest.some(({ value }) => chosen.includes(value))}>
          {rest.map(render)}
        </More>
      )}
    </Group>
  );
}

/** Limits to exclude, in the groups of the glossary. */
function Exclusions({ query, facets, currency }: Props) {
  const chosen = query.excludeLimitation;
  const counts = new Map(
    withChosen(facets.excludeLimitation, chosen).map(({ value, count }) => [value, count]),
  );
  const groups = (Object.keys(limitationGroups) as LimitationGroup[])
    .map((group) => ({
      group,
      types: limitationTypeNames.filter((type) => limitationTypes[type].group === group && counts.has(type)),
    }))
    .filter(({ types }) => types.length > 0);
  if (groups.length === 0) return null;
  return (
    <Group legend="Must not break on">
      {groups.map(({ group, types }, index) => (
        <More
          key={group}
          label={limitationGroups[group]}
          isOpen={index === 0 || types.some((type) => chosen.includes(type))}
        >
          {types.map((type) => (
            <Option
              key={type}
              name="excludeLimitation"
              value={type}
              label={valueLabel("excludeLimitation", type, currency)}
              count={counts.get(type)}
              isChosen={chosen.includes(type)}
            />
          ))}
        </More>
      ))}
      <p className="pt-1.5 text-xs text-ink-3">Counts are what would remain.</p>
      <label className="flex min-h-7 items-center gap-2 text-sm text-ink-2">
        <input type="checkbox" name="notStated" value="hide" defaultChecked={query.notStated === "hide"} />
        Hide “not stated”
      </label>
      <p className="text-xs text-ink-3">
        A listing that does not mention a limit has not shown that it is free of it.
      </p>
    </Group>
  );
}

function Group({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 border-t border-line py-3.5">
      <legend className="float-left w-full pb-1 text-sm font-medium">{legend}</legend>
      <div className="clear-both">{children}</div>
    </fieldset>
  );
}

function More({ label, isOpen, children }: { label: string; isOpen: boolean; children: ReactNode }) {
  return (
    <details open={isOpen}>
      <summary className="min-h-7 py-1 text-sm text-ink-3">{label}</summary>
      {children}
    </details>
  );
}

/** Chosen values that no listing has are options too: they can be taken back. */
function withChosen(options: readonly FacetValue[], chosen: readonly string[]): FacetValue[] {
  const missing = chosen.filter((value) => value !== "" && !options.some((option) => option.value === value));
  return [...options, ...missing.map((value) => ({ value, count: 0 }))];
}

type OptionProps = {
  name: string;
  value: string;
  label: string;
  count?: number;
  isChosen: boolean;
  isRadio?: boolean;
};

function Option({ name, value, label, count, isChosen, isRadio }: OptionProps) {
  const isOff = count === 0 && !isChosen;
  return (
    <label
      className={`flex min-h-7 items-center gap-2.5 text-sm ${isOff ? "text-ink-3 opacity-70" : "text-ink-2"}`}
    >
      <input
        type={isRadio ? "radio" : "checkbox"}
        name={name}
        value={value}
        defaultChecked={isChosen}
        disabled={isOff}
      />
      <span className="min-w-0 flex-1">{label}</span>
      {count !== undefined && <span className="text-ink-3 tabular-nums">{count.toLocaleString("en")}</span>}
    </label>
  );
}

type LimitProps = Props & {
  facet: "maxPriceMinor" | "maxCostPer1kCorrectMinor";
  legend: string;
  hint: string;
  steps: readonly bigint[];
  bands: readonly FacetValue[];
  bandOfStep: (step: bigint) => number;
};

function Limit({ facet, legend, hint, steps, bands, bandOfStep, query, currency }: LimitProps) {
  const chosen = query[facet];
  const offered =
    chosen === null || steps.includes(chosen) ? steps : [...steps, chosen].sort((a, b) => Number(a - b));
  const countAt = (step: bigint) =>
    bands.findLast((band) => Number(band.value) <= bandOfStep(step))?.count ?? 0;
  return (
    <div className="border-t border-line py-3.5">
      <label htmlFor={facet} className="block pb-1.5 text-sm font-medium">
        {legend}
      </label>
      <select
        id={facet}
        name={facet}
        data-chosen={chosen === null ? "" : String(chosen)}
        defaultValue={chosen === null ? "" : String(chosen)}
        aria-describedby={`${facet}-hint`}
        className={`${controlClass} text-sm`}
      >
        <option value="">Any</option>
        {offered.map((step) => {
          const isExact = steps.includes(step);
          return (
            <option
              key={String(step)}
              value={String(step)}
              disabled={isExact && countAt(step) === 0 && step !== chosen}
            >
              {valueLabel(facet, String(step), currency)}
              {isExact && ` (${countAt(step).toLocaleString("en")})`}
            </option>
          );
        })}
      </select>
      <p id={`${facet}-hint`} className="pt-1.5 text-xs text-ink-3">
        {hint}
      </p>
    </div>
  );
}
