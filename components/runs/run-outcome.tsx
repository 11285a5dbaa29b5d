import { EnvelopeStrip } from "@/components/catalogue/envelope-strip";
import { SliceTable } from "@/components/evidence/slice-table";
import { ActionForm, ButtonForm, SubmitButton } from "@/components/forms/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RefusalText } from "@/components/ui/refusal-text";
import { cancelRun, publishRun } from "@/lib/selling/actions/runs";
import type { RunView } from "@/lib/selling/queries/runs";
import type { RunResult } from "@/lib/selling/run-result";

/** What came of a run, and what may be done with it. */
export function RunOutcome({ run }: { run: RunView }) {
  const { id, progress, failure, result, evaluationId, leftOut } = run;
  return (
    <>
      {leftOut > 0 && (
        <p className="max-w-[68ch]">
          <b>{leftOut.toLocaleString("en")} rows are left out</b>: the seller had these inputs before, so they
          say nothing new.
        </p>
      )}
      {progress.mayBeCancelled && (
        <ButtonForm action={cancelRun} fields={{ runId: id }} variant="quiet" aria-label="Cancel this run">
          Cancel the run
        </ButtonForm>
      )}
      {failure !== null && (
        <Notice tone="warning">
          <RefusalText text={failure} />
        </Notice>
      )}
      {progress.phase === "cancelled" && (
        <p className="text-ink-2">
          Nothing was counted. Where the log has that it was begun, it has that it was cancelled.
        </p>
      )}
      {result && <Figures result={result} dataSetName={run.dataSetName} />}
      {result && (evaluationId === null ? <Publish runId={id} /> : <Published evaluationId={evaluationId} />)}
    </>
  );
}

function Figures({ result, dataSetName }: { result: RunResult; dataSetName: string }) {
  const { summary, notRun, reasons, notices } = result;
  const { n, k } = summary.overall;
  const share = (right: number) => `${((100 * right) / n).toFixed(1)} %`;
  return (
    <section className="grid gap-4" aria-label="What came out">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <EnvelopeStrip cells={summary.slices.map(({ id, verdict }) => ({ slice: id, verdict }))} />
        <p>
          <b>
            {k.toLocaleString("en")} of {n.toLocaleString("en")} right
          </b>{" "}
          <span className="text-ink-2">
            ({share(k)}) on {dataSetName}
          </span>
        </p>
      </div>
      {notRun > 0 && (
        <div className="grid max-w-[68ch] gap-1">
          <p>
            <b>{notRun.toLocaleString("en")} rows could not be run.</b> They count as wrong: the figure is
            between {share(k)} and {share(k + notRun)}.
          </p>
          <ul className="text-sm text-ink-2">
            {reasons.map(({ reason, rows }) => (
              <li key={reason}>
                {rows.toLocaleString("en")} times: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      {notices.length > 0 && <p className="max-w-[68ch] text-sm text-ink-2">{notices.join(" ")}</p>}
      <details>
        <summary className="min-h-6">All figures</summary>
        <div className="pt-3">
          <SliceTable summary={summary} />
        </div>
      </details>
    </section>
  );
}

function Publish({ runId }: { runId: string }) {
  return (
    <ActionForm
      action={publishRun}
      fields={{ runId }}
      className="grid max-w-[68ch] justify-items-start gap-3 border-t border-line pt-4"
      aria-label="Publish this run"
    >
      <p className="text-ink-2">
        Nobody else sees these figures. Publish them, and Offcut signs that it measured them here; they then
        stay for ever. Whether you do or not, the log says that this run was begun, and the listing counts it.
      </p>
      <SubmitButton>Publish these figures</SubmitButton>
    </ActionForm>
  );
}

function Published({ evaluationId }: { evaluationId: string }) {
  return (
    <div className="grid justify-items-start gap-3">
      <p className="text-verdigris">Published: signed by Offcut as measured here.</p>
      <ButtonLink href={`/evaluations/${evaluationId}`}>See the evaluation</ButtonLink>
    </div>
  );
}
