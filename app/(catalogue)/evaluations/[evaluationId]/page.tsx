import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SliceTable } from "@/components/evidence/slice-table";
import { EvidenceCard } from "@/components/evidence/evidence-card";
import { Page } from "@/components/layout/page";
import { findEvaluationPage } from "@/lib/evidence/queries/evaluation-page";
import { currentActor } from "@/lib/accounts/session";
import { currentTime } from "@/lib/platform/clock";

type Props = { params: Promise<{ evaluationId: string }> };

export const metadata: Metadata = { title: "Evaluation record" };

export default async function EvaluationPage({ params }: Props) {
  const { evaluationId } = await params;
  const [found, now] = await Promise.all([
    findEvaluationPage(await currentActor(), evaluationId),
    currentTime(),
  ]);
  if (!found) notFound();
  const { listing, evaluation } = found;
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
        <SliceTable summary={evaluation.summary} />
      </div>
    </Page>
  );
}
