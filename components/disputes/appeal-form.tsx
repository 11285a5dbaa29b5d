import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { fileAppeal } from "@/lib/disputes/actions";
import type { SanctionView } from "@/lib/disputes/queries/disputes";
import { RecordArea } from "./record-area";

const stateTexts = {
  open: "Your appeal is waiting for somebody who did not take this decision.",
  granted: "The appeal was granted.",
  refused: "The appeal was refused.",
} as const;

/** The appeal's form, or what became of it. */
export function AppealForm({ sanction }: { sanction: SanctionView }) {
  const { appeal } = sanction;
  if (appeal) {
    return (
      <div className="grid gap-2">
        <p role="status">{stateTexts[appeal.state]}</p>
        {appeal.decision && (
          <p className="max-w-[66ch] break-words whitespace-pre-line">Reason: {appeal.decision}</p>
        )}
        <figure>
          <figcaption className="text-sm text-ink-3">What was written</figcaption>
          <blockquote className="max-w-[66ch] border-l-2 border-line-strong pl-3 break-words whitespace-pre-line text-ink-2">
            {appeal.body}
          </blockquote>
        </figure>
      </div>
    );
  }
  if (sanction.liftedAt) return <p>This decision has been lifted; there is nothing to appeal.</p>;
  return (
    <ActionForm action={fileAppeal} fields={{ sanctionId: sanction.id }}>
      <RecordArea
        name="body"
        label="Why should this be decided differently?"
        hint="You can appeal once. Somebody other than who decided reads it, and you get a reasoned answer by mail."
        rows={6}
      />
      <SubmitLine>File the appeal</SubmitLine>
    </ActionForm>
  );
}
