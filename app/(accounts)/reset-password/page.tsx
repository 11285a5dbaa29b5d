import type { Metadata } from "next";
import { NewPasswordField } from "@/components/accounts/password-field";
import { SecondStepFields } from "@/components/accounts/second-step-fields";
import { UnusableLink } from "@/components/accounts/unusable-link";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { offerSignInPasskey, resetPassword } from "@/lib/accounts/actions";
import { findLink } from "@/lib/accounts/queries/accounts";
import { currentActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Choose a new password", robots: { index: false } };

export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const { token } = await searchParams;
  const secret = typeof token === "string" ? token : "";
  const link = await findLink(await currentActor(), secret, "reset_password");
  if (!link) return <UnusableLink href="/forgot-password" action="Ask for a new link" />;
  return (
    <Page width="narrow" title="Choose a new password" lead="Every session of your account will be ended.">
      <Panel>
        <ActionForm action={resetPassword} fields={{ token: secret }}>
          <NewPasswordField name="password" label="New password" />
          <SecondStepFields id="reset" step={link.step} offer={offerSignInPasskey} />
          <SubmitLine>Set the new password</SubmitLine>
        </ActionForm>
      </Panel>
    </Page>
  );
}
