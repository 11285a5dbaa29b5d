import { FormArea, FormSelect, FormText } from "@/components/forms/form-fields";
import { rightLabels, rightNames } from "@/lib/catalogue/rights";
import type { OfferTerms } from "@/lib/deals/offer";
import { decimalString, fractionDigits } from "@/lib/shared/money";

type Props = { terms: OfferTerms; currency: string; idPrefix?: string };

/** Price, term and rights of an offer, starting from the terms that stand. */
export function OfferFields({ terms, currency, idPrefix = "" }: Props) {
  const id = (name: string) => `${idPrefix}${name}`;
  return (
    <div className="grid w-full gap-4 sm:grid-cols-2">
      <FormText
        id={id("price")}
        name="price"
        label={`Price in ${currency}`}
        hint="Once, for the whole term."
        inputMode="decimal"
        required
        defaultValue={decimalString(terms.priceMinor, fractionDigits(currency))}
      />
      <FormText
        id={id("termMonths")}
        name="termMonths"
        label="Term in months"
        hint="Empty for a licence without end."
        inputMode="numeric"
        isOptional
        defaultValue={terms.termMonths ?? ""}
      />
      {rightNames.map((name) => (
        <FormSelect
          key={name}
          id={id(name)}
          name={name}
          label={rightLabels[name]}
          defaultValue={terms.rights[name] === "yes" ? "yes" : "no"}
          options={[
            ["yes", "Allowed"],
            ["no", "Not allowed"],
          ]}
        />
      ))}
      <div className="sm:col-span-2">
        <FormText
          id={id("fieldOfUse")}
          name="fieldOfUse"
          label="Only for this field of use"
          isOptional
          maxLength={300}
          defaultValue={terms.rights.fieldOfUse ?? ""}
        />
      </div>
      <div className="sm:col-span-2">
        <FormArea
          id={id("message")}
          name="message"
          label="Message"
          hint="Why this price or these rights. The other side reads it beside the offer."
          isOptional
          maxLength={2000}
          rows={3}
        />
      </div>
    </div>
  );
}
