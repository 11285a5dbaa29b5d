import type { DraftFields, DraftLimitation } from "@/lib/catalogue/draft-fields";
import {
  type LimitationGroup,
  type LimitationType,
  limitationGroups,
  limitationTypeNames,
  limitationTypes,
  severities,
} from "@/lib/catalogue/limitation";
import { figureText } from "@/lib/catalogue/cost-text";
import { measuresText } from "@/lib/catalogue/limitation-link";
import type { Counted } from "@/lib/measurement/limitation-figure";
import { DraftSelect, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

const presences = [
  ["", "Not stated"],
  ["present", "Present"],
  ["absent", "Looked for, absent"],
] as const;

const measuredPresences = [
  ["present", "Present"],
  ["", "Not stated"],
] as const;

const severityOptions = severities.map((name) => [name, name[0]?.toUpperCase() + name.slice(1)] as const);

type Props = {
  fields: DraftFields;
  cardLimits: string | null;
  /** What the draft's evaluations counted of each measured limitation, by its key. */
  figures: ReadonlyMap<string, Counted>;
};

/** All typed limitations in groups. Saying one costs a seller no rank; leaving it out reads "not stated". */
export function LimitationsSection({ fields, cardLimits, figures }: Props) {
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
      <MeasuredLimitations measured={fields.measured} figures={figures} />
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
            options={severityOptions}
          />
        )}
      </div>
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

type MeasuredLimitationsProps = { measured: DraftFields["measured"]; figures: Props["figures"] };

/** What evaluations showed to fall short. What is measured cannot be edited; the seller's words stand beside it as theirs. */
function MeasuredLimitations({ measured, figures }: MeasuredLimitationsProps) {
  const shown = Object.entries(measured).flatMap(([key, one]) =>
    one.shown ? [{ key, ...one, ...one.shown }] : [],
  );
  if (shown.length === 0) return null;
  return (
    <div className="grid rounded-md border border-line bg-surface px-4 py-3">
      <p className="font-medium">Measured to fall short</p>
      <p className="max-w-[68ch] text-sm text-ink-3">
        Drafted from your evaluation. A buyer reads the measured sentence with the figure of the run your
        listing is judged by; your words stand beside it as yours.
      </p>
      {shown.map(({ key, type, measures, presence, severity, condition }) => (
        <fieldset key={key} className="grid gap-3 border-t border-line py-3 first-of-type:mt-3">
          <legend className="sr-only">
            {limitationTypes[type].label}: {measuresText(measures)}
          </legend>
          <div className="grid items-end gap-3 sm:grid-cols-[1fr_11rem_9rem]">
            <p className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-medium">{limitationTypes[type].label}</span>
              <span className="block text-sm text-ochre">
                {measuresText(measures)}: {figureOf(figures.get(key))}
              </span>
            </p>
            <DraftSelect
              name={`measured.${key}.presence`}
              label={
                <span key="label" className="sr-only">
                  {limitationTypes[type].label}: say it?
                </span>
              }
              defaultValue={presence}
              options={measuredPresences}
            />
            <DraftSelect
              name={`measured.${key}.severity`}
              label={
                <span key="label" className="sr-only">
                  {limitationTypes[type].label}: how severe?
                </span>
              }
              defaultValue={severity}
              options={severityOptions}
            />
          </div>
          <DraftText
            name={`measured.${key}.condition`}
            label="In your words"
            isOptional
            defaultValue={condition}
            maxLength={300}
          />
        </fieldset>
      ))}
    </div>
  );
}

function figureOf(figure: Counted | undefined): string {
  return figure && figure.value !== null
    ? `${figureText({ ...figure, value: figure.value })}.`
    : "no evaluation of this draft counts it, so it reads “stated by the seller, not measured”.";
}
