import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea, FormSelect } from "@/components/forms/form-fields";
import { EmptyState } from "@/components/ui/notice";
import { decideAppeal, liftSanction } from "@/lib/disputes/actions";
import type { SanctionView } from "@/lib/disputes/queries";
import { SanctionFacts } from "./sanction-facts";

/** Decisions that stand and those lifted, each with its appeal. */
export function SanctionList({ sanctions, now }: { sanctions: readonly SanctionView[]; now: Date }) {
  return (
    <section aria-labelledby="sanctions" className="grid gap-3">
      <h2 id="sanctions">Decisions and appeals</h2>
      {sanctions.length === 0 ? (
        <EmptyState title="No decisions yet">Freezes, take-downs and suspensions are listed here.</EmptyState>
      ) : (
        <ul className="grid gap-2">
          {sanctions.map((sanction) => (
            <li key={sanction.id} className="grid gap-3 rounded-lg border border-line bg-surface px-5 py-4">
              <h3>{sanction.subjectName}</h3>
              <SanctionFacts sanction={sanction} now={now} />
              {sanction.appeal && <AppealDesk appeal={sanction.appeal} />}
              {!sanction.liftedAt && (
                <details>
                  <summary className="text-sm text-ink-2">Lift this decision</summary>
                  <ActionForm action={liftSanction} className="grid max-w-xl gap-3 pt-3">
                    <input type="hidden" name="sanctionId" value={sanction.id} />
                    <FormArea
                      id={`lift-${sanction.id}`}
                      name="reason"
                      label="Reason"
                      rows={2}
                      required
                      minLength={10}
                    />
                    <div>
                      <SubmitButton variant="secondary">Lift</SubmitButton>
                    </div>
                  </ActionForm>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function AppealDesk({ appeal }: { appeal: NonNullable<SanctionView["appeal"]> }) {
  return (
    <div className="grid gap-2 rounded-md bg-sunken px-4 py-3">
      <p className="font-medium">Appeal: {appeal.state}</p>
      <p className="text-sm whitespace-pre-line">{appeal.body}</p>
      {appeal.decision && <p className="text-sm text-ink-2">{appeal.decision}</p>}
      {appeal.state === "open" && (
        <ActionForm action={decideAppeal} className="grid max-w-xl gap-3 pt-1">
          <input type="hidden" name="appealId" value={appeal.id} />
          <FormSelect id={`decision-${appeal.id}`} name="decision" label="Decision" defaultValue="granted">
            <option value="granted">Grant: lift the decision</option>
            <option value="refused">Refuse: the decision stands</option>
          </FormSelect>
          <FormArea
            id={`rationale-${appeal.id}`}
            name="rationale"
            label="Reason"
            rows={2}
            required
            minLength={10}
          />
          <div>
            <SubmitButton variant="secondary">Decide the appeal</SubmitButton>
          </div>
        </ActionForm>
      )}
    </div>
  );
}
