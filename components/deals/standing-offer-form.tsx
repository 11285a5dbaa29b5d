import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { exactTime } from "@/components/ui/moment";
import { partLabels } from "@/lib/catalogue/part";
import { signStandingOffer, withdrawStandingOffer } from "@/lib/deals/actions";
import type { StandingOfferFormView as StandingOfferFormView } from "@/lib/deals/queries/license-page";
import { AgreeFields } from "./agree-fields";
import { Terms } from "./terms";

type Props = { listingId: string; accountId: string; forms: readonly StandingOfferFormView[] };

/** For the seller: signs the listed terms of each part once, so that buyers can license without waiting. */
export function StandingOfferForm({ listingId, accountId, forms }: Props) {
  return (
    <ul className="grid gap-5">
      {forms.map((form) => (
        <li key={form.part} className="grid gap-3 border-t border-line pt-4 first:border-t-0 first:pt-0">
          <h2>{partLabels[form.part]}</h2>
          <p className="max-w-[66ch] text-sm text-ink-2">{stateText(form)}</p>
          {!form.signedAt && (
            <details>
              <summary className="inline-flex min-h-6 items-center text-sm underline decoration-line-strong underline-offset-3">
                The terms you sign
              </summary>
              <div className="pt-3">
                <Terms clauses={form.clauses} files={[]} />
              </div>
            </details>
          )}
          {form.signedAt ? (
            <ActionForm
              action={withdrawStandingOffer}
              className="grid justify-items-start gap-3"
              aria-label={`Withdraw: ${partLabels[form.part]}`}
            >
              <input type="hidden" name="listingId" value={listingId} />
              <input type="hidden" name="part" value={form.part} />
              <SubmitButton variant="secondary">Withdraw the standing offer</SubmitButton>
            </ActionForm>
          ) : (
            <ActionForm
              action={signStandingOffer}
              className="grid justify-items-start gap-3"
              aria-label={`Sign: ${partLabels[form.part]}`}
            >
              <input type="hidden" name="listingId" value={listingId} />
              <input type="hidden" name="part" value={form.part} />
              <input type="hidden" name="salt" value={form.salt} />
              <AgreeFields
                accountId={accountId}
                termsSha256={form.termsSha256}
                statementBase64={form.statementBase64}
                label="Everybody may license this part on these terms."
              />
              <SubmitButton>Sign the standing offer</SubmitButton>
            </ActionForm>
          )}
        </li>
      ))}
    </ul>
  );
}

function stateText({ signedAt, isOutdated }: StandingOfferFormView): string {
  if (signedAt)
    return `Signed ${exactTime(signedAt)}: buyers can license this part at its list price at once.`;
  return isOutdated
    ? "What you signed no longer matches the listing, so buyers cannot use it. Sign the present terms."
    : "Not signed: buyers can make offers and wait for your answer. Signed once, they can license at once.";
}
