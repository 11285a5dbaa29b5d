import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { TrialForm } from "@/components/evidence/trial-form";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { currentActor } from "@/lib/accounts/session/session";
import { findTrialDesk } from "@/lib/evidence/queries/trial-desk";

export const metadata: Metadata = { title: "Try a model" };

export default async function TrialPage({ params }: PageProps<"/listings/[slug]/try">) {
  const { slug } = await params;
  const desk = await findTrialDesk(await currentActor(), slug);
  if (!desk) notFound();
  const { asked, title, sentTo } = desk;
  return (
    <Page
      width="medium"
      eyebrow={<a href={`/listings/${slug}`}>{title}</a>}
      title="Try it"
      lead={`One input of yours, the model’s own answer, and what its record says of inputs like it. ${
        sentTo === null
          ? "Nothing that you type or choose is kept."
          : `Your input is sent to its seller’s server (${sentTo}); nothing of it is kept here, and what is kept there nobody here knows.`
      }`}
    >
      {"reason" in asked ? (
        <EmptyState
          title="This one cannot be tried here"
          action={{ href: `/listings/${slug}`, text: "Back to the listing" }}
        >
          {asked.reason}
        </EmptyState>
      ) : (
        <TrialForm {...desk} asked={asked} />
      )}
    </Page>
  );
}
