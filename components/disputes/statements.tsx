import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { Moment } from "@/components/ui/moment";
import { addStatement } from "@/lib/disputes/actions";
import type { DisputeView } from "@/lib/disputes/queries/case";
import { disputeReasons } from "@/lib/disputes/dispute";
import { RecordArea } from "./record-area";

/** What was said in a dispute, in order, and the form to add to it while it is open. */
export function Statements({ dispute, now }: { dispute: DisputeView; now: Date }) {
  return (
    <div className="grid gap-4">
      <ol className="grid gap-3">
        <li className="border-l-2 border-red pl-3">
          <p className="text-sm text-ink-3">
            {dispute.openedByName} opened the dispute <Moment at={dispute.openedAt} now={now} />:{" "}
            {disputeReasons[dispute.reason].toLowerCase()}
          </p>
          <p className="max-w-[66ch] break-words whitespace-pre-line">{dispute.statement}</p>
        </li>
        {dispute.statements.map((statement) => (
          <li key={statement.id} className="border-l-2 border-line-strong pl-3">
            <p className="text-sm text-ink-3">
              {statement.authorName}, {statement.side}, <Moment at={statement.createdAt} now={now} />
            </p>
            <p className="max-w-[66ch] break-words whitespace-pre-line">{statement.body}</p>
          </li>
        ))}
      </ol>
      {dispute.state === "open" && (
        <ActionForm action={addStatement} fields={{ disputeId: dispute.id }}>
          <RecordArea
            name="body"
            label="Add a statement"
            hint="Both sides and the moderator read it. It cannot be changed afterwards."
            rows={4}
          />
          <SubmitLine variant="secondary">Add to the record</SubmitLine>
        </ActionForm>
      )}
    </div>
  );
}
