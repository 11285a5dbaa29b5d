import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RemoveFactorForm, RenameFactorForm } from "@/components/accounts/factor-forms";
import { Page } from "@/components/layout/page";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Second factor" };

export default async function FactorPage({ params }: PageProps<"/account/second-step/[factorId]">) {
  const { factorId } = await params;
  const step = await getOwnSecondStep(await requireActor(`/account/second-step/${factorId}`));
  const factor = step.factors.find(({ id }) => id === factorId);
  if (!factor) notFound();
  const isLast = step.factors.length === 1;
  return (
    <Page
      width="narrow"
      eyebrow={<TextLink href="/account#second-step">Your account</TextLink>}
      title={factor.label}
    >
      <div className="grid gap-5">
        <Panel>
          <RenameFactorForm factorId={factor.id} label={factor.label} />
        </Panel>
        <Panel title="Remove">
          {isLast && step.mustKeep ? (
            <Notice>
              A role or your payout details need a second step, and this is your only one. Add another before
              you remove it.
            </Notice>
          ) : (
            <div className="grid gap-4">
              {isLast && (
                <Notice tone="warning">
                  This is your only one. Without it your password alone opens the account, and the recovery
                  codes go too.
                </Notice>
              )}
              <RemoveFactorForm factorId={factor.id} step={step} />
            </div>
          )}
        </Panel>
      </div>
    </Page>
  );
}
