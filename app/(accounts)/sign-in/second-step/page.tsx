import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CodeField, PasskeyForm } from "@/components/accounts/second-step-fields";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { finishSecondStep, offerSignInPasskey } from "@/lib/accounts/actions";
import { findBegunSignIn } from "@/lib/accounts/session/second-step";

export const metadata: Metadata = { title: "Second step", robots: { index: false } };

export default async function SecondStepPage() {
  const step = await findBegunSignIn();
  if (!step) redirect("/sign-in");
  return (
    <Page
      width="narrow"
      title="Second step"
      lead="Your password was right. You have five minutes for this; you are not signed in yet."
    >
      <div className="grid gap-5">
        <Panel>
          <div className="grid gap-5">
            {step.hasPasskey && (
              <PasskeyForm action={finishSecondStep} offer={offerSignInPasskey} variant="primary">
                Use a passkey
              </PasskeyForm>
            )}
            <ActionForm action={finishSecondStep}>
              <CodeField />
              <SubmitLine variant={step.hasPasskey ? "secondary" : "primary"}>Sign in</SubmitLine>
            </ActionForm>
          </div>
        </Panel>
        <p className="text-ink-2">
          Nothing of it at hand, and no recovery code? Ask the operator of this market, who can remove your
          second step after 72 hours. <a href="/sign-in">Sign in as somebody else</a>.
        </p>
      </div>
    </Page>
  );
}
