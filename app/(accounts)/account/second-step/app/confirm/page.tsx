import type { Metadata } from "next";
import { ConfirmAppForm } from "@/components/accounts/factor-forms";
import { QrCode } from "@/components/accounts/qr-code";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { findOwnUnconfirmedApp } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Confirm the app" };

export default async function ConfirmAppPage() {
  const app = await findOwnUnconfirmedApp(await requireActor("/account/second-step/app"));
  return (
    <Page
      width="narrow"
      eyebrow={<TextLink href="/account#second-step">Your account</TextLink>}
      title="Add an authenticator app"
    >
      <Panel>
        <ConfirmAppForm>
          {app && (
            <>
              <p className="text-ink-2">
                Scan this with the app, or type the key into it; then type the code that it shows.
              </p>
              <QrCode text={app.uri} label="QR code of the key below" />
              <p className="grid gap-1">
                <span className="text-sm text-ink-3">Key (time-based, six digits)</span>
                <code className="font-mono break-words select-all" translate="no">
                  {app.secret}
                </code>
              </p>
            </>
          )}
        </ConfirmAppForm>
      </Panel>
    </Page>
  );
}
