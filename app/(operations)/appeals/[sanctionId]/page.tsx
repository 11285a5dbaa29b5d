import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SanctionFacts } from "@/components/disputes/sanction-facts";
import { AppealForm } from "@/components/disputes/appeal-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { currentActor } from "@/lib/accounts/session/session";
import { findSanction } from "@/lib/disputes/queries/disputes";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "A moderator’s decision", robots: { index: false } };

export default async function AppealPage({ params }: PageProps<"/appeals/[sanctionId]">) {
  const { sanctionId } = await params;
  const [sanction, now] = await Promise.all([findSanction(await currentActor(), sanctionId), currentTime()]);
  if (!sanction) notFound();
  return (
    <Page width="medium" eyebrow="A moderator’s decision" title={sanction.subjectName}>
      <div className="grid gap-5">
        <Panel title="What was decided">
          <SanctionFacts sanction={sanction} now={now} />
        </Panel>
        <Panel title="Appeal">
          <AppealForm sanction={sanction} />
        </Panel>
      </div>
    </Page>
  );
}
