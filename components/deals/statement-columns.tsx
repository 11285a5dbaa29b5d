import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { SelectField } from "@/components/ui/field";
import { mapStatement } from "@/lib/ledger/actions";
import type { ColumnsView } from "@/lib/ledger/queries/statement-draft";

const ROLES = [
  ["ignored", "Not read"],
  ["date", "The day of booking"],
  ["amount", "The amount"],
  ["currency", "The currency"],
  ["side", "In or out, by a word"],
  ["status", "Booked or not, by a word"],
  ["reference", "The bank’s own reference"],
  ["account", "Our account"],
  ["text", "What the payer wrote"],
] as const;

const DATE_FORMS = [
  ["dd.mm.yyyy", "22.11.2026"],
  ["mm/dd/yyyy", "11/22/2026"],
  ["yyyy-mm-dd", "2026-11-22"],
] as const;

const MEANINGS = {
  side: [
    ["debit", "Money went out"],
    ["credit", "Money came in"],
  ],
  status: [
    ["not_booked", "Not booked, or taken back"],
    ["booked", "Booked"],
  ],
} as const;

/** What each column of a list is that we do not know; the operator says it, and sees every line before confirming. */
export function StatementColumns({ draftId, view }: { draftId: string; view: ColumnsView }) {
  const { mapping, columns, words } = view;
  return (
    <ActionForm
      key={JSON.stringify([mapping, words])}
      action={mapStatement}
      fields={{ draftId }}
      aria-label="What the columns are"
    >
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {columns.map(({ name, samples }, at) => (
          <li key={at} className="min-w-0 rounded-lg border border-line bg-surface p-4">
            <SelectField
              id={`column-${at}`}
              name="roles"
              label={name || `Column ${at + 1}`}
              hint={
                <span className="block truncate">
                  {samples.filter(Boolean).join(" · ") || "Empty in the first lines"}
                </span>
              }
              options={ROLES}
              defaultValue={mapping.roles[at]}
            />
          </li>
        ))}
      </ul>
      <div className="grid max-w-xl gap-4 sm:grid-cols-2">
        <SelectField
          name="dateForm"
          label="Days look like"
          options={DATE_FORMS}
          defaultValue={mapping.dateForm}
        />
        <SelectField
          name="decimal"
          label="Amounts look like"
          options={[
            [",", "1.234,56"],
            [".", "1,234.56"],
          ]}
          defaultValue={mapping.decimal}
        />
      </div>
      {words.length > 0 && (
        <fieldset className="grid max-w-xl gap-4 sm:grid-cols-2">
          <legend className="pb-2 font-medium">What the words mean</legend>
          {words.map(({ role, word }, at) => (
            <div key={at}>
              <input type="hidden" name="words" value={`${role}:${word}`} />
              <SelectField
                id={`word-${at}`}
                name="meanings"
                label={word ? `“${word}”` : "Nothing in this column"}
                options={MEANINGS[role]}
                defaultValue={mapping.meanings[`${role}:${word}`]}
              />
            </div>
          ))}
        </fieldset>
      )}
      <SubmitLine variant="secondary">Read it so</SubmitLine>
    </ActionForm>
  );
}
