import { ActionForm, FoldedFields, SubmitLine } from "@/components/forms/action-form";
import { FormSelect } from "@/components/forms/form-fields";
import { decideAppeal, liftSanction } from "@/lib/disputes/actions";
import type { SanctionView } from "@/lib/disputes/queries/disputes";
import { Queue } from "./queue";
import { RecordArea } from "./record-area";
import { SanctionFacts } from "./sanction-facts";

type Props = { sanctions: readonly SanctionView[]; actorId: string; now: Date };

/** Appeals that wait for an answer, then the decisions that stand and those lifted. */
export function SanctionList({ sanctions, actorId, now }: Props) {
  const isWaiting = ({ appeal }: SanctionView) => appeal?.state === "open";
  const row = (sanction: SanctionView) => (
    <li key={sanction.id} className="grid gap-3 rounded-lg border border-line bg-surface px-5 py-4">
      <h3>{sanction.subjectName}</h3>
      <SanctionFacts sanction={sanction} now={now} />
      {sanction.appeal && (
        <AppealDesk appeal={sanction.appeal} isOwnDecision={sanction.moderatorId === actorId} />
      )}
      {!sanction.liftedAt && sanction.accountId !== actorId && <LiftForm sanctionId={sanction.id} />}
    </li>
  );
  return (
    <>
      <Queue
        id="appeals"
        title="Appeals"
        rows={sanctions.filter(isWaiting)}
        empty={["No open appeals", "Every appeal so far has been answered."]}
      >
        {row}
      </Queue>
      <Queue
        id="sanctions"
        title="Decisions"
        rows={sanctions.filter((sanction) => !isWaiting(sanction))}
        empty={["No decisions yet", "Freezes, take-downs and suspensions are listed here."]}
      >
        {row}
      </Queue>
    </>
  );
}

function LiftForm({ sanctionId }: { sanctionId: string }) {
  return (
    <ActionForm action={liftSanction} fields={{ sanctionId }} className="grid max-w-xl gap-3">
      <FoldedFields summary="Lift this decision" className="grid gap-3">
        <RecordArea id={`lift-${sanctionId}`} name="reason" label="Reason" rows={2} />
        <SubmitLine variant="secondary">Lift</SubmitLine>
      </FoldedFields>
    </ActionForm>
  );
}

type Appeal = NonNullable<SanctionView["appeal"]>;

function AppealDesk({ appeal, isOwnDecision }: { appeal: Appeal; isOwnDecision: boolean }) {
  return (
    <div className="grid gap-2 rounded-md bg-sunken px-4 py-3">
      <p className="font-medium">Appeal: {appeal.state}</p>
      <p className="max-w-[66ch] text-sm break-words whitespace-pre-line">{appeal.body}</p>
      {appeal.decision && <p className="text-sm text-ink-2">Answer: {appeal.decision}</p>}
      {appeal.state === "open" &&
        (isOwnDecision ? (
          <p className="text-sm text-ink-2">
            You took this decision, so somebody else has to answer the appeal.
          </p>
        ) : (
          <AnswerForm appealId={appeal.id} />
        ))}
    </div>
  );
}

function AnswerForm({ appealId }: { appealId: string }) {
  return (
    <ActionForm action={decideAppeal} fields={{ appealId }} className="grid max-w-xl gap-3 pt-1">
      <FormSelect id={`decision-${appealId}`} name="decision" label="Decision" defaultValue="granted">
        <option value="granted">Grant: lift the decision</option>
        <option value="refused">Refuse: the decision stands</option>
      </FormSelect>
      <RecordArea id={`rationale-${appealId}`} name="rationale" label="Reason" rows={2} />
      <SubmitLine variant="secondary">Decide the appeal</SubmitLine>
    </ActionForm>
  );
}
