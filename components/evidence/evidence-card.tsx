import { GradeMark } from "@/components/catalogue/grade-mark";
import { Moment, exactTime } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import { levelText } from "@/lib/catalogue/cost-text";
import { envelopeText } from "@/lib/catalogue/standing";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";
import { ClaimSources } from "./claim-sources";
import { LaterRevoked, SignedFacts, SignedHeadline } from "./signed-words";
import { VerificationRows } from "../verification/verification-rows";

type Props = {
  evaluation: EvaluationView;
  now: Date;
  /** Without a border of its own, inside something that has one. */
  isBare?: boolean;
};

/** One signed claim: what was signed, what it does not show, and the checks a reader's browser makes by itself. */
export function EvidenceCard({ evaluation, now, isBare }: Props) {
  const { headline, facts, doesNotShow, envelope } = evaluation;
  return (
    <article
      id={`evidence-${evaluation.id}`}
      aria-label={`Evidence signed by ${evaluation.signer.name}`}
      className={isBare ? "" : "rounded-lg border border-line bg-surface"}
    >
      <div className="grid gap-3 px-5 py-4">
        <GradeMark grade={evaluation.grade} isStale={evaluation.isStale} />
        <SignedHeadline headline={headline} doesNotShow={doesNotShow} />
        <Withdrawal evaluation={evaluation} now={now} />
        <Warnings evaluation={evaluation} now={now} />
        <p className="text-sm">
          <span className="first-letter:uppercase inline-block">
            {envelopeText(evaluation.summary.slices)}
          </span>{" "}
          at {levelText(evaluation.summary.level)}.
        </p>
        {evaluation.signedLevel === evaluation.summary.level ? (
          <SignedFacts facts={facts} />
        ) : (
          <details className="text-sm">
            <summary className="min-h-6 text-ink-2">
              What was signed, drawn at {levelText(evaluation.signedLevel)}
            </summary>
            <SignedFacts facts={facts} />
          </details>
        )}
      </div>
      <VerificationRows
        envelope={envelope}
        signerName={evaluation.signer.agreedInSession ? "Offcut" : evaluation.signer.name}
        modelDigest={evaluation.modelDigest}
      />
      <Reply evaluation={evaluation} now={now} />
      <Sources evaluation={evaluation} />
    </article>
  );
}

function Withdrawal({ evaluation: { withdrawal }, now }: { evaluation: EvaluationView; now: Date }) {
  if (!withdrawal) return null;
  const { reason, withdrawnAt, envelopeSha256 } = withdrawal;
  return (
    <Notice tone="warning">
      <p>
        <strong>Withdrawn by its signer</strong> on {exactTime(withdrawnAt)} (
        <Moment at={withdrawnAt} now={now} />
        ). It no longer counts for the listing.{" "}
        <a className="link" href={`/api/v1/envelopes/${envelopeSha256}`}>
          The signed withdrawal
        </a>
      </p>
      <p className="pt-1 whitespace-pre-line">“{reason}”</p>
    </Notice>
  );
}

function Warnings({ evaluation, now }: { evaluation: EvaluationView; now: Date }) {
  const { signer, envelope, isOfOtherFiles, isEndpoint } = evaluation;
  const warnings = [
    isOfOtherFiles && "This is about earlier files, not those on offer now.",
    isEndpoint && "The model runs at the seller and may change at any time.",
    signer.agreedInSession &&
      `${signer.name} had no key where this was agreed: Offcut signs that the account agreed while signed in. That is weaker than a signature of its own.`,
    evaluation.rowsUse === "discovery" && "The slices were chosen by looking at these rows.",
  ].filter((text) => text !== false);
  if (warnings.length === 0 && !envelope.keyRevokedAt) return null;
  return (
    <ul className="grid max-w-[68ch] gap-1 text-sm text-ochre">
      {warnings.map((text) => (
        <li key={text}>{text}</li>
      ))}
      {envelope.keyRevokedAt && (
        <li>
          <LaterRevoked at={envelope.keyRevokedAt} signedAt={envelope.signedAt} now={now} />
        </li>
      )}
    </ul>
  );
}

function Reply({ evaluation: { answer }, now }: { evaluation: EvaluationView; now: Date }) {
  if (!answer) return null;
  return (
    <div className="border-t border-line px-5 py-3">
      <h3 className="text-sm text-ink-2">
        The seller replied <Moment at={answer.createdAt} now={now} />
      </h3>
      <p className="max-w-[68ch] whitespace-pre-line">{answer.body}</p>
    </div>
  );
}

function Sources({ evaluation }: { evaluation: EvaluationView }) {
  const { envelope, signer } = evaluation;
  return (
    <ClaimSources
      envelope={envelope}
      more={[
        {
          label: "Slices (CSV)",
          href: `/api/v1/evaluations/${evaluation.id}/slices?level=${evaluation.summary.level}`,
        },
        { label: "This record alone", href: `/evaluations/${evaluation.id}` },
      ]}
      digests={[
        { label: "Envelope", hex: envelope.sha256 },
        ...(evaluation.modelDigest ? [{ label: "Files", hex: evaluation.modelDigest }] : []),
        { label: "Rows", hex: evaluation.rowsDigest },
        { label: signer.isDemoKey ? "Demo key" : "Key", hex: envelope.keyId },
      ]}
    />
  );
}
