import { type DraftFields, draftEventKinds } from "@/lib/catalogue/draft-fields";
import { SubmitIntent } from "./draft-bar";
import { DraftError, DraftSelect, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

/** Rows already written and one blank; blank rows are never published. */
function rowsOf<T>(rows: readonly T[]): (T | undefined)[] {
  return [...rows, undefined];
}

/** Where its data came from, who made it, and what happened to it. */
export function PeopleSection({ fields }: { fields: DraftFields }) {
  return (
    <DraftSection
      id="people"
      title="Data, people and history"
      isOptional
      lead="Left empty, each of these reads “not stated” on the listing. Contributors are paid by the shares named here, fixed when a contract is signed."
    >
      <h3>Data it was made from</h3>
      <div className="grid gap-4">
        {rowsOf(fields.dataOrigins).map((origin, index) => (
          <OriginFields key={index} origin={origin} index={index} />
        ))}
      </div>
      <h3>Who made it</h3>
      <DraftError name="contributors" />
      <div id="contributors" className="grid gap-4">
        {rowsOf(fields.contributors).map((person, index) => (
          <ContributorFields key={index} person={person} index={index} />
        ))}
      </div>
      <h3>What happened to it</h3>
      <div className="grid gap-4">
        {rowsOf(fields.events).map((event, index) => (
          <EventFields key={index} event={event} index={index} />
        ))}
      </div>
      <div>
        <SubmitIntent intent="rows">Save and add rows</SubmitIntent>
      </div>
    </DraftSection>
  );
}

const rowClass =
  "grid grid-cols-2 items-start gap-3 rounded-md border border-line bg-surface p-4 lg:grid-cols-4";

function OriginFields({ origin, index }: { origin?: DraftFields["dataOrigins"][number]; index: number }) {
  const name = `dataOrigins.${index}`;
  return (
    <fieldset className={rowClass}>
      <legend className="sr-only">Data set {index + 1}</legend>
      <DraftText name={`${name}.name`} label="Data set" defaultValue={origin?.name} />
      <DraftSelect
        name={`${name}.use`}
        label="Used for"
        defaultValue={origin?.use ?? "training"}
        options={[
          ...(origin?.use === "" ? [["", "Not stated: choose"] as const] : []),
          ["training", "Training"],
          ["evaluation", "Evaluation"],
        ]}
      />
      <DraftText name={`${name}.licence`} label="Licence" defaultValue={origin?.licence} />
      <DraftText name={`${name}.rowCount`} label="Rows" defaultValue={origin?.rowCount} inputMode="numeric" />
      <div className="col-span-2">
        <DraftText name={`${name}.source`} label="How it was collected" defaultValue={origin?.source} />
      </div>
      <div className="col-span-2">
        <DraftText name={`${name}.url`} label="Address" type="url" defaultValue={origin?.url} />
      </div>
    </fieldset>
  );
}

type ContributorFieldsProps = { person?: DraftFields["contributors"][number]; index: number };

function ContributorFields({ person, index }: ContributorFieldsProps) {
  const name = `contributors.${index}`;
  return (
    <fieldset className={rowClass}>
      <legend className="sr-only">Person {index + 1}</legend>
      <DraftText name={`${name}.name`} label="Name" defaultValue={person?.name} autoComplete="off" />
      <DraftText
        name={`${name}.handle`}
        label="Handle here"
        defaultValue={person?.handle}
        placeholder="@name"
        autoComplete="off"
      />
      <DraftText name={`${name}.contribution`} label="Did what" defaultValue={person?.contribution} />
      <DraftText
        name={`${name}.sharePercent`}
        label="Share, %"
        defaultValue={person?.sharePercent}
        inputMode="decimal"
        autoComplete="off"
      />
    </fieldset>
  );
}

function EventFields({ event, index }: { event?: DraftFields["events"][number]; index: number }) {
  const name = `events.${index}`;
  return (
    <fieldset className={rowClass}>
      <legend className="sr-only">Event {index + 1}</legend>
      <DraftSelect
        name={`${name}.kind`}
        label="What"
        defaultValue={event?.kind ?? "trained"}
        options={Object.entries(draftEventKinds)}
      />
      <DraftText name={`${name}.fromDate`} label="From" type="date" defaultValue={event?.fromDate} />
      <DraftText name={`${name}.toDate`} label="To" type="date" defaultValue={event?.toDate} />
      <DraftText name={`${name}.text`} label="In a sentence" defaultValue={event?.text} maxLength={600} />
    </fieldset>
  );
}
