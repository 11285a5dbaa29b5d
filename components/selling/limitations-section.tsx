import type { DraftFields, DraftLimitation } from "@/lib/catalogue/draft-fields";
import {
  type LimitationGroup,
  type LimitationType,
  limitationGroups,
  limitationTypeNames,
  limitationTypes,
  severities,
} from "@/lib/catalogue/limitation";
import { DraftSelect, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

const presences = [
  ["", "Not stated"],
  ["present", "Present"],
  ["absent", "Looked for, absent"],
] as const;

type Props = { fields: DraftFields; cardLimits: string | null };

/** All typed limitations in groups. Saying one costs a seller no rank; leaving it out reads "not stated". */
export function LimitationsSection({ fields, cardLimits }: Props) {
  return (
    <DraftSection
      id="limitations"
      title="Known limitations"
      isOptional
      lead="Say what it cannot do. A stated limitation never lowers your place in the search; one you leave out reads “not stated”, and buyers who exclude it may leave you out."
    >
      {cardLimits && (
        <details className="rounded-md border border-line bg-sunken px-4 py-3">
          <summary className="min-h-6">What your card says about limits</summary>
          <p className="max-w-[70ch] pt-2 text-sm whitespace-pre-wrap text-ink-2">{cardLimits}</p>
        </details>
      )}
      <div className="grid gap-2">
        {Object.entries(limitationGroups).map(([group, label]) => (
          <LimitationGroupFields
            key={group}
            label={label}
            types={typesOf(group as LimitationGroup)}
            stated={fields.limitations}
          />
        ))}
      </div>
    </DraftSection>
  );
}

function typesOf(group: LimitationGroup): LimitationType[] {
  return limitationTypeNames.filter((type) => limitationTypes[type].group === group);
}

type LimitationGroupFieldsProps = {
  label: string;
  types: LimitationType[];
  stated: DraftFields["limitations"];
};

function LimitationGroupFields({ label, types, stated }: LimitationGroupFieldsProps) {
  const count = types.filter((type) => stated[type]?.presence).length;
  return (
    <details open={count > 0} className="rounded-md border border-line bg-surface px-4 py-3">
      <summary className="min-h-6 font-medium">
        {label}{" "}
        <span className="font-normal text-ink-3">
          {count > 0 ? `${count} of ${types.length} stated` : `${types.length}, none stated`}
        </span>
      </summary>
      <div className="grid pt-2">
        {types.map((type) => (
          <LimitationFields key={type} type={type} limitation={stated[type]} />
        ))}
      </div>
    </details>
  );
}

function LimitationFields({ type, limitation }: { type: LimitationType; limitation?: DraftLimitation }) {
  const { label, meaning } = limitationTypes[type];
  const name = `limitations.${type}`;
  return (
    <fieldset className="grid gap-3 border-t border-line py-3 first:border-t-0">
      <legend className="sr-only">{label}</legend>
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_11rem_9rem]">
        <p className="min-w-0">
          <span className="font-medium">{label}</span>
          <span className="block text-sm text-ink-3">{meaning}</span>
        </p>
        <DraftSelect
          name={`${name}.presence`}
          label={
            <span key="label" className="sr-only">
              {label}: is it there?
            </span>
          }
          defaultValue={limitation?.presence ?? ""}
          options={presences}
        />
        {limitation?.presence === "present" && (
          <DraftSelect
            name={`${name}.severity`}
            label={
              <span key="label" className="sr-only">
                {label}: how severe?
              </span>
            }
            defaultValue={limitation?.severity ?? "moderate"}
            options={severities.map((severity) => [severity, severity[0]?.toUpperCase() + severity.slice(1)])}
          />
        )}
      </div>
      {limitation?.effect && <MeasuredMark effect={limitation.effect} />}
      {limitation?.presence && (
        <DraftText
          name={`${name}.condition`}
          label="When exactly"
          isOptional
          defaultValue={limitation.condition}
          maxLength={300}
        />
      )}
    </fieldset>
  );
}

function MeasuredMark({ effect }: { effect: NonNullable<DraftLimitation["effect"]> }) {
  const percent = (share: number) => (share * 100).toFixed(1);
  return (
    <p className="rounded-sm bg-ochre-soft px-3 py-2 text-sm text-ochre">
      Drafted from your evaluation, check it: {effect.measure} {percent(effect.k / effect.n)} % (95 % interval{" "}
      {percent(effect.lower)} – {percent(effect.upper)}, n = {effect.n.toLocaleString("en")}).
    </p>
  );
}
