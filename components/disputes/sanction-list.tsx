import { ActionForm, FoldedFields, SubmitLine } from "@/components/forms/action-form";
import { FormSelect } from "@/components/forms/form-fields";
import { decideAppeal, liftSanction } from "@/lib/disputes/actions";
import type { AppealQueueView, SanctionView } from "@/lib/disputes/queries/disputes";
import { Queue } from "./queue";
import { RecordArea } from "./record-area";
import { SanctionFacts } from "./sanction-facts";

type Desk = { actorId: string; now: Date };

/** Appeals that wait for an answer, the longest waiting first. */
export function AppealQueue({
  queue,
  isFirstPage,
  ...desk
}: Desk & { queue: AppealQueueView; isFirstPage: boolean }) {
  const { sanctions, count, next } = queue;
  return (
    <Queue
      id="appeals"
      title="Appeals"
      rows={sanctions}
      page={{ name: "appeals", count, isFirst: isFirstPage, next }}
      empty={["No open appeals", "Every appeal so far has been answered."]}
    >
      {(sanction) => <SanctionItem key={sanction.id} sanction={sanction} {...desk} />}
    </Queue>
  );
}

/** The decisions that stand, then those lifted. */
export function SanctionList({ sanctions, ...desk }: Desk & { sanctions: readonly SanctionView[] }) {
  return (
    <Queue
      id="sanctions"
      title="Decisions"
      rows={sanctions}
      empty={["No decisions yet", "Freezes, take-downs and suspensions are listed here."]}
    >
      {(sanction) => <SanctionItem key={sanction.id} sanction={sanction} {...desk} />}
    </Queue>
  );
}

function SanctionItem({ sanction, actorId, now }: Desk & { sanction: SanctionView }) {
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-surface px-5 py-4">
      <h3>{sanction.subjectName}</h3>
      <SanctionFacts sanction={sanction} now={now} />
      {sanction.appeal && (
        <AppealDesk appeal={sanction.appeal} isOwnDecision={sanction.moderatorId === actorId} />
      )}
      {!sanction.liftedAt && sanction.accountId !== actorId && <LiftForm sanctionId={sanction.id} />}
    </li>
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
