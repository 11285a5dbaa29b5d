import type { Metadata } from "next";
import { RecoveryCodesForm } from "@/components/accounts/factor-forms";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "New recovery codes" };

export default async function RecoveryCodesPage() {
  const step = await getOwnSecondStep(await requireActor("/account/second-step/codes"));
  return (
    <Page
      width="narrow"
      eyebrow={<TextLink href="/account#second-step">Your account</TextLink>}
      title="New recovery codes"
      lead="Ten codes, each good for one second step when the app or the passkey is not at hand. Codes you have now stop working."
    >
      <Panel>
        <RecoveryCodesForm step={step} />
      </Panel>
    </Page>
  );
}
