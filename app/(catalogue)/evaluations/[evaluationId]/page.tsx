import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReplyForm } from "@/components/evidence/reply-form";
import { EvidenceCard } from "@/components/evidence/evidence-card";
import { OwnEvaluation } from "@/components/selling/own-evaluation";
import { SliceTable } from "@/components/evidence/slice-table";
import { WithdrawForm } from "@/components/evidence/withdraw-form";
import { Page } from "@/components/layout/page";
import type { Actor } from "@/lib/accounts/actor";
import { currentActor } from "@/lib/accounts/session/session";
import { findEvaluationPage } from "@/lib/evidence/queries/evaluation-page";
import { findOwnEvaluation } from "@/lib/selling/queries/own-evaluations";
import { currentTime } from "@/lib/platform/clock";

type Props = { params: Promise<{ evaluationId: string }> };

export const metadata: Metadata = { title: "Evaluation record" };

export default async function EvaluationPage({ params }: Props) {
  const { evaluationId } = await params;
  const actor = await currentActor();
  const [found, now] = await Promise.all([findEvaluationPage(actor, evaluationId), currentTime()]);
  if (!found) return unsignedPage(actor, evaluationId);
  const { listing, evaluation, answer, withdrawal } = found;
  return (
    <Page
      width="medium"
      eyebrow={
        <>
          Evidence about <a href={`/listings/${listing.slug}`}>{listing.title}</a>
        </>
      }
      title={evaluation.dataSetName}
    >
      <div className="grid gap-7">
        <EvidenceCard evaluation={evaluation} now={now} />
        {answer && (
          <section>
            <h2 className="pb-2">Reply to this</h2>
            <ReplyForm evaluationId={evaluationId} {...answer} />
          </section>
        )}
        <SliceTable summary={evaluation.summary} />
        {withdrawal && (
          <section>
            <h2 className="pb-2">Withdraw this</h2>
            <WithdrawForm evaluationId={evaluationId} {...withdrawal} />
          </section>
        )}
      </div>
    </Page>
  );
}

/** To everybody but its maker, what is not signed does not exist. */
async function unsignedPage(actor: Actor | null, evaluationId: string) {
  const evaluation = actor && (await findOwnEvaluation(actor, evaluationId));
  if (!evaluation) notFound();
  return (
    <Page width="medium" eyebrow="Not signed yet" title={evaluation.dataSetName}>
      <OwnEvaluation evaluation={evaluation} />
    </Page>
  );
}
