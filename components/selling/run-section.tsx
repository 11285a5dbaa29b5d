import { ActionForm, ButtonForm, FoldedFields, SubmitButton } from "@/components/forms/action-form";
import { FormArea, FormError, FormText } from "@/components/forms/form-fields";
import { Digest } from "@/components/ui/digest";
import { FieldFrame, controlClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { ContractFacts } from "@/components/catalogue/contract-facts";
import { draftRun, dryRunDraft, writeRun } from "@/lib/selling/actions/drafts";
import type { DraftRunView } from "@/lib/selling/queries/draft-run";
import { DraftSection } from "./section";

type Contract = NonNullable<DraftRunView["contract"]>;

/** How the files are run: drafted from them, written into by their seller, and seen on a few rows. */
export function RunSection({ draftId, run }: { draftId: string; run: DraftRunView }) {
  const { source, contract, dryRun, isConfirmed } = run;
  return (
    <DraftSection
      id="run"
      title="How it runs"
      isOptional
      lead="What the files themselves say of how they are run, or how your server is asked. Once you have seen it answer a few rows it goes with the version: visitors can try it, and others can have files measured here. Nothing of them is converted, and no code of yours runs."
    >
      {!source && (
        <p className="text-ink-2">
          Add the weights first, just as your toolkit wrote them, or the address where you run it.
        </p>
      )}
      {source && (
        <ButtonForm
          action={draftRun}
          fields={{ draftId }}
          className="grid justify-items-start gap-3"
          variant={contract ? "quiet" : "secondary"}
        >
          {lookWords[source][contract ? "again" : "first"]}
        </ButtonForm>
      )}
      {source && contract && (
        <>
          <ContractFacts facts={contract.facts} />
          {contract.sha256 && (
            <p className="text-sm text-ink-3">
              The contract: <Digest hex={contract.sha256} />
            </p>
          )}
          <WrittenFields draftId={draftId} contract={contract} />
          <DryRunForm draftId={draftId} contract={contract} />
          <LastDryRun dryRun={dryRun} isConfirmed={isConfirmed} />
        </>
      )}
    </DraftSection>
  );
}

const lookWords = {
  files: { first: "Look into the files", again: "Look into the files again" },
  endpoint: { first: "See how it would be asked", again: "Take the address again" },
} as const;

function WrittenFields({ draftId, contract: { fields } }: { draftId: string; contract: Contract }) {
  return (
    <ActionForm action={writeRun} fields={{ draftId }} aria-label="What only you know of how it runs">
      <FoldedFields summary="Write what only you know">
        {fields.map(({ name, label, hint, value, isLong }) => {
          const field = { name, label, hint, id: `run-${name}`, defaultValue: value };
          return isLong ? (
            <FormArea key={`${name} ${value}`} {...field} rows={Math.min(8, value.split("\n").length + 1)} />
          ) : (
            <FormText key={`${name} ${value}`} {...field} />
          );
        })}
        <SubmitButton variant="secondary">Keep this</SubmitButton>
      </FoldedFields>
    </ActionForm>
  );
}

function DryRunForm({ draftId, contract: { samples, accept } }: { draftId: string; contract: Contract }) {
  return (
    <ActionForm
      action={dryRunDraft}
      fields={{ draftId }}
      className="grid justify-items-start gap-3"
      aria-label="See it run"
    >
      <div className="w-full">
        {samples ? (
          <FormArea
            name="rows"
            id="dry-rows"
            label="Rows to see it on"
            hint={`${samples.hint} At most five; these are examples that you may replace.`}
            rows={6}
            defaultValue={samples.rows}
            className="font-mono text-sm"
          />
        ) : (
          <>
            <FieldFrame
              name="files"
              id="dry-files"
              label={accept === "image/png,image/jpeg" ? "Pictures to see it on" : "Sounds to see it on"}
              hint="At most five, 900 KB together."
            >
              <input
                type="file"
                id="dry-files"
                name="files"
                accept={accept ?? undefined}
                multiple
                required
                aria-describedby="dry-files-hint"
                className={`${controlClass} max-w-full`}
              />
            </FieldFrame>
            <FormError name="rows" />
          </>
        )}
      </div>
      <SubmitButton variant="secondary">See it run</SubmitButton>
    </ActionForm>
  );
}

function LastDryRun({ dryRun, isConfirmed }: Pick<DraftRunView, "dryRun" | "isConfirmed">) {
  if (!dryRun)
    return (
      <Notice>
        It has not been seen to run yet. Until then it is published without a way to run it here.
      </Notice>
    );
  const { ran, isStale } = dryRun;
  return (
    <div className="grid gap-3">
      {isStale && (
        <Notice tone="warning">
          The files or the contract were changed since it was last seen to run. See it run again: until then
          it is published without a way to run it here.
        </Notice>
      )}
      {!isStale && !isConfirmed && <Notice tone="warning">None of these rows could be run.</Notice>}
      {isConfirmed && ran === null && <Notice tone="good">As in the version that is on the market.</Notice>}
      {ran && <DryAnswers ran={ran} />}
    </div>
  );
}

function DryAnswers({ ran }: { ran: NonNullable<NonNullable<DraftRunView["dryRun"]>["ran"]> }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="pb-2 text-left text-ink-2">
          {ran.answers.length} {ran.answers.length === 1 ? "row" : "rows"} in{" "}
          {ran.milliseconds.toLocaleString("en")} ms, kept apart by {ran.isolation}.
        </caption>
        <thead>
          <tr className="border-b border-line text-left text-ink-3">
            <th scope="col" className="py-1.5 pr-4 font-normal">
              Row
            </th>
            <th scope="col" className="py-1.5 pr-4 font-normal">
              Answer
            </th>
            <th scope="col" className="py-1.5 text-right font-normal">
              Confidence
            </th>
          </tr>
        </thead>
        <tbody>
          {ran.answers.map(({ input, prediction, confidence, refused }, at) => (
            <tr key={at} className="border-b border-line align-top">
              <td className="py-1.5 pr-4 break-words">{input}</td>
              <td className="py-1.5 pr-4 break-words whitespace-pre-wrap">
                {refused === null ? prediction : <span className="text-ochre">Not run: {refused}</span>}
              </td>
              <td className="py-1.5 text-right tabular-nums">
                {confidence === null || refused !== null ? "–" : confidence.toFixed(4)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
