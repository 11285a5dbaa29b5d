import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { type PartName, partLabels, partNames } from "@/lib/catalogue/part";
import { rightLabels, rightNames } from "@/lib/catalogue/rights";
import { DraftArea, DraftError, DraftSelect, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

const partHints: Record<PartName, string> = {
  weights: "The model's files, whole.",
  adapter: "A LoRA or another piece that needs its base model.",
  training_data: "The rows it learned from.",
  evaluation_records: "Rows with labels and predictions.",
  attribution_rights: "The right to be named as its maker.",
  hosted_access: "Calls to the model, without its files.",
};

const answers = [
  ["not_stated", "Not stated"],
  ["yes", "Yes"],
  ["no", "No"],
] as const;

/** What is for sale at which price, and what a buyer may do with it. */
export function TermsSection({ fields, currency }: { fields: DraftFields; currency: string }) {
  return (
    <DraftSection
      id="terms"
      title="Price and parts"
      lead={`Sell it whole or in parts; one priced part is enough. Prices are in ${currency}. A licence without months runs for ever.`}
    >
      <DraftError name="parts" />
      <div id="parts" className="grid gap-4">
        {partNames.map((part) => (
          <PartFields key={part} part={part} fields={fields} />
        ))}
      </div>
      <fieldset className="grid gap-3 pt-2">
        <legend className="font-medium">What a buyer may do</legend>
        <p className="text-sm text-ink-3">
          “Not stated” grants nothing. Nothing is derived from the name of a licence.
        </p>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          {rightNames.map((right) => (
            <DraftSelect
              key={right}
              name={`rights.${right}`}
              label={rightLabels[right]}
              defaultValue={fields.rights[right]}
              options={answers}
            />
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <DraftText
          name="licenceSpdx"
          label="Licence it came with"
          isOptional
          defaultValue={fields.licenceSpdx}
          hint="An SPDX name such as apache-2.0."
        />
        <DraftText
          name="fieldOfUse"
          label="Only for this field of use"
          isOptional
          defaultValue={fields.fieldOfUse}
          maxLength={300}
        />
      </div>
      <DraftArea
        name="baseModels"
        label="Made from these models"
        isOptional
        defaultValue={fields.baseModels}
        rows={2}
        hint="One to a line. Their terms may bind yours."
      />
    </DraftSection>
  );
}

function PartFields({ part, fields }: { part: PartName; fields: DraftFields }) {
  const typed = fields.parts[part];
  const name = `parts.${part}`;
  const pricings = [
    ["", "Not offered"],
    ["one_off", "One price"],
    ...(part === "hosted_access" ? [["per_1000_calls", "Per 1,000 calls"] as const] : []),
    ["free", "Free"],
  ] as const;
  return (
    <fieldset className="group/part grid items-start gap-3 rounded-md border border-line bg-surface p-4 sm:grid-cols-[1fr_10rem_8rem_7rem]">
      <legend className="sr-only">{partLabels[part]}</legend>
      <p>
        <span className="font-medium">{partLabels[part]}</span>
        <span className="block text-sm text-ink-3">{partHints[part]}</span>
      </p>
      <DraftSelect
        name={`${name}.pricing`}
        label="Offered"
        defaultValue={typed?.pricing ?? ""}
        options={pricings}
      />
      {/* What is not offered has no price to ask for. */}
      <div className="grid grid-cols-2 gap-3 group-has-[option[value='']:checked]/part:hidden! sm:contents">
        <DraftText
          name={`${name}.price`}
          label="Price"
          defaultValue={typed?.price ?? ""}
          inputMode="decimal"
          autoComplete="off"
        />
        <DraftText
          name={`${name}.termMonths`}
          label="Months"
          defaultValue={typed?.termMonths ?? ""}
          inputMode="numeric"
          autoComplete="off"
        />
      </div>
    </fieldset>
  );
}
