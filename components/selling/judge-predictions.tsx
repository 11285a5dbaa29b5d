import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { judgePredictions } from "@/lib/selling/actions/evaluations";
import { conditionText } from "@/lib/formats/import-report";
import type { DraftImportView } from "@/lib/selling/queries/draft-imports";

/** The model's own predictions as slices: "says X", "says X at confidence ≥ t". Chosen on these rows, so exploratory. */
export function JudgePredictions({ read }: { read: DraftImportView }) {
  const { offers, chosen } = read.report;
  if (offers.length === 0 || read.isSigned) return null;
  const isChosen = new Set(chosen.map(conditionText));
  return (
    <details>
      <summary className="min-h-6">
        Judge what it says as slices of their own
        {chosen.length > 0 && <span className="text-ink-3"> ({chosen.length} judged)</span>}
      </summary>
      <ActionForm
        action={judgePredictions}
        className="grid justify-items-start gap-3 pt-2"
        aria-label="Judge predictions as slices"
      >
        <input type="hidden" name="importId" value={read.id} />
        <p className="max-w-[66ch] text-sm text-ink-2">
          Often a model is right whenever it says one thing, or says it with confidence. Such a slice is found
          by looking at these rows, so it is marked exploratory until other rows confirm it, and every slice
          you add makes the test for all of them stricter.
        </p>
        <fieldset className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          <legend className="sr-only">Predictions to judge</legend>
          {offers.map((offer) => {
            const value = conditionText(offer);
            return (
              <label key={value} className="flex min-h-8 items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  name="predictions"
                  value={value}
                  defaultChecked={isChosen.has(value)}
                  className="size-4"
                />
                <span className="min-w-0 break-words">
                  says {offer.prediction}
                  {offer.minConfidence !== undefined && ` at confidence ≥ ${offer.minConfidence}`}
                </span>
                <span className="text-ink-3 tabular-nums">{offer.n.toLocaleString("en")} rows</span>
              </label>
            );
          })}
        </fieldset>
        <SubmitButton variant="secondary">Count again</SubmitButton>
      </ActionForm>
    </details>
  );
}
