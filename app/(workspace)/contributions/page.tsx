import type { Metadata } from "next";
import { NamingClaimCard } from "@/components/evidence/naming-claim";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { listClaimsNaming } from "@/lib/evidence/queries/own-claims";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Contributions" };

export default async function ContributionsPage() {
  const actor = await requireActor("/contributions");
  const [claims, now] = await Promise.all([listClaimsNaming(actor), currentTime()]);
  return (
    <Page
      width="medium"
      title="Contributions"
      lead="Where a listing of somebody else names you as a contributor. Until you answer, it reads “not confirmed yet”."
    >
      {claims.length === 0 ? (
        <EmptyState title="No listing names you">
          When a seller names your account as a contributor, the claim appears here and you confirm or reject
          it.
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          {claims.map((claim) => (
            <NamingClaimCard key={claim.id} claim={claim} accountId={actor.accountId} now={now} />
          ))}
        </div>
      )}
    </Page>
  );
}
