import type { Metadata } from "next";
import { LicenceList } from "@/components/access/licence-list";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { listLicences } from "@/lib/access/queries";
import { requireActor } from "@/lib/accounts/session/session";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Licences" };

export default async function LicencesPage() {
  const actor = await requireActor("/licences");
  const [licences, now] = await Promise.all([listLicences(actor), currentTime()]);
  const isOver = (state: string) => Number(state === "revoked" || state === "ended");
  const of = (side: string) =>
    licences
      .filter((licence) => licence.side === side)
      .sort((one, other) => isOver(one.state) - isOver(other.state));
  return (
    <Page
      title="Licences"
      lead="What you may use, and what you have allowed others. A licence survives its listing and names the version it is for."
    >
      {licences.length === 0 ? (
        <EmptyState
          title="No licences yet"
          action={{ href: "/", text: "Browse the market", variant: "primary" }}
        >
          A licence appears here as soon as its files are delivered, with its rights and term in words and as
          ODRL.
        </EmptyState>
      ) : (
        <>
          <LicenceList id="mine" title="You may use" licences={of("licensee")} now={now} />
          <LicenceList id="granted" title="You allow others" licences={of("licensor")} now={now} />
        </>
      )}
    </Page>
  );
}
