import type { ReactNode } from "react";
import { EnvelopeStrip } from "@/components/catalogue/envelope-strip";
import { ActionForm, ButtonForm, SubmitButton } from "@/components/forms/action-form";
import { levelText } from "@/lib/catalogue/cost-text";
import { envelopeText } from "@/lib/catalogue/standing";
import { removeEvaluation, signEvaluation } from "@/lib/selling/actions/evaluations";
import type { OwnEvaluationView } from "@/lib/selling/queries/own-evaluations";
import { DeviceSignature } from "../evidence/device-signature";
import { SentenceText } from "../evidence/sentence";
import { SliceTable } from "../evidence/slice-table";

type Props = {
  evaluation: OwnEvaluationView;
  /** How its rows were read, and how else they could be judged. */
  children?: ReactNode;
};

/** An evaluation as its maker sees it before anybody else: what was counted, and the statement to sign. */
export function OwnEvaluation({ evaluation, children }: Props) {
  const { summary, toSign, dataSetName } = evaluation;
  return (
    <section
      className="grid gap-5 rounded-lg border border-line bg-surface px-5 py-4.5"
      aria-label={dataSetName}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <EnvelopeStrip cells={summary.slices.map(({ id, verdict }) => ({ slice: id, verdict }))} />
        <p>
          <b>{sentenceCase(envelopeText(summary.slices))}</b>{" "}
          <span className="text-ink-2">
            at {levelText(summary.level)} on {summary.overall.n.toLocaleString("en")} rows of {dataSetName}
          </span>
        </p>
      </div>
      <details>
        <summary className="min-h-6">All figures</summary>
        <div className="pt-3">
          <SliceTable summary={summary} />
        </div>
      </details>
      {children}
      <Signing evaluation={evaluation} toSign={toSign} />
    </section>
  );
}

type SigningProps = { evaluation: OwnEvaluationView; toSign: OwnEvaluationView["toSign"] };

function Signing({ evaluation, toSign }: SigningProps) {
  switch (toSign.state) {
    case "signed":
      return <p className="text-verdigris">Signed. It cannot be changed or taken back.</p>;
    case "not_yet":
      return (
        <div className="grid justify-items-start gap-3">
          <p className="text-ochre">Not signed. {toSign.reason}</p>
          <Remove evaluationId={evaluation.id} />
        </div>
      );
    case "to_sign":
      return (
        <div className="grid gap-4 border-t border-line pt-4">
          <div className="grid max-w-[68ch] gap-2">
            <h3>{toSign.isAgain ? "The files have changed: sign again" : "What you sign"}</h3>
            <p>
              <SentenceText sentence={toSign.headline} />
            </p>
            {toSign.facts.map((fact, index) => (
              <p key={index} className="text-sm text-ink-2">
                <SentenceText sentence={fact} />
              </p>
            ))}
            <p className="text-sm text-ink-3">
              Nobody else sees these figures until you sign. A signed record stays for ever, beside your
              answer if you give one.
            </p>
          </div>
          <ActionForm
            action={signEvaluation}
            fields={{ evaluationId: evaluation.id }}
            className="grid justify-items-start gap-3"
            aria-label="Sign this evaluation"
          >
            <DeviceSignature accountId={toSign.accountId} statementBase64={toSign.statementBase64} />
            <SubmitButton>Sign this record</SubmitButton>
          </ActionForm>
          {!toSign.isAgain && <Remove evaluationId={evaluation.id} />}
        </div>
      );
  }
}

function Remove({ evaluationId }: { evaluationId: string }) {
  return (
    <ButtonForm
      action={removeEvaluation}
      fields={{ evaluationId }}
      className="grid justify-items-start"
      aria-label="Remove this evaluation"
      variant="quiet"
    >
      Remove it unsigned
    </ButtonForm>
  );
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
