import { ActionForm, ButtonForm, SubmitButton } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { DayTime } from "@/components/ui/moment";
import { askFactorRemoval, removeLostFactors, stopFactorRemoval } from "@/lib/accounts/actions";
import type { AccountRowView } from "@/lib/accounts/queries/accounts";

/** How administrators help somebody who lost every second factor: one asks, another removes them 72 hours later. */
export function FactorRemoval({ account, now }: { account: AccountRowView; now: Date }) {
  const { handle, hasSecondFactor, removal } = account;
  if (!hasSecondFactor) return null;
  if (!removal) {
    return (
      <details className="pt-2">
        <summary className="link min-h-7 w-fit text-sm leading-7 text-ink-2 hover:text-ink">
          {account.displayName} lost every second factor
        </summary>
        <ActionForm
          action={askFactorRemoval}
          fields={{ handle }}
          className="grid gap-3 pt-3 sm:grid-cols-[1fr_auto] sm:items-end"
          aria-label={`Ask to remove the second factors of ${handle}`}
        >
          <FormText
            name="reason"
            id={`lost-${handle}-reason`}
            label="How you know that it is them"
            hint="They are told by mail and can stop it. Another administrator removes the factors 72 hours later."
            required
            minLength={3}
            maxLength={500}
          />
          <SubmitButton variant="danger">Ask</SubmitButton>
        </ActionForm>
      </details>
    );
  }
  const isDue = now >= removal.removableAt;
  return (
    <div className="grid gap-3 pt-3">
      <p className="text-sm text-ochre">
        Their second factors are to be removed ({removal.reason}).{" "}
        {isDue
          ? "Another administrator than who asked can do so now."
          : "Another administrator can do so from "}
        {!isDue && <DayTime at={removal.removableAt} now={now} />}
      </p>
      <div className="flex flex-wrap gap-3">
        {isDue && !removal.isAskedByYou && (
          <ButtonForm action={removeLostFactors} fields={{ removalId: removal.id }} variant="danger">
            Remove them
          </ButtonForm>
        )}
        <ButtonForm action={stopFactorRemoval} fields={{ removalId: removal.id }} variant="secondary">
          Stop this
        </ButtonForm>
      </div>
    </div>
  );
}
