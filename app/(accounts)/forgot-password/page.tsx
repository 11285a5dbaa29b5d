import type { Metadata } from "next";
import { EmailField } from "@/components/accounts/email-field";
import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { requestPasswordReset } from "@/lib/accounts/actions";

export const metadata: Metadata = { title: "Forgot your password" };

export default function ForgotPasswordPage() {
  return (
    <Page
      width="narrow"
      title="Choose a new password"
      lead="We mail you a link. Listings, deals, licences and money are not touched by a new password."
    >
      <Panel>
        <ActionForm action={requestPasswordReset}>
          <EmailField />
          <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
            <SubmitButton>Send the link</SubmitButton>
            <TextLink href="/sign-in">Back to sign in</TextLink>
          </div>
        </ActionForm>
      </Panel>
    </Page>
  );
}
