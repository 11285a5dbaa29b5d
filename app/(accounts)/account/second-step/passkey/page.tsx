import type { Metadata } from "next";
import { headers } from "next/headers";
import { AddPasskeyForm } from "@/components/accounts/factor-forms";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { deviceName } from "@/lib/accounts/device";
import { getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Add a passkey" };

export default async function AddPasskeyPage() {
  const step = await getOwnSecondStep(await requireActor("/account/second-step/passkey"));
  const device = deviceName((await headers()).get("user-agent") ?? "");
  return (
    <Page
      width="narrow"
      eyebrow={<TextLink href="/account#second-step">Your account</TextLink>}
      title="Add a passkey"
      lead="Your device, password manager or security key keeps it and unlocks it by your finger, face or PIN. It signs in without a password too, and works on no other site."
    >
      <Panel>
        <noscript>
          <p className="pb-4 text-ink-2">
            A passkey needs JavaScript. <a href="/account/second-step/app">An authenticator app</a> does not.
          </p>
        </noscript>
        <AddPasskeyForm step={step} label={device} />
      </Panel>
    </Page>
  );
}
