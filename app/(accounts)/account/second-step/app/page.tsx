import type { Metadata } from "next";
import { StartAppForm } from "@/components/accounts/factor-forms";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Add an authenticator app" };

export default async function StartAppPage() {
  const step = await getOwnSecondStep(await requireActor("/account/second-step/app"));
  return (
    <Page
      width="narrow"
      eyebrow={<TextLink href="/account#second-step">Your account</TextLink>}
      title="Add an authenticator app"
      lead="An app on your phone, or a password manager, shows a new code every 30 seconds. You type one after your password."
    >
      <Panel>
        <StartAppForm step={step} />
      </Panel>
    </Page>
  );
}
