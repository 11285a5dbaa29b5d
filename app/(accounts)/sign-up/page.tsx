import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EmailField } from "@/components/accounts/email-field";
import { NewPasswordField } from "@/components/accounts/password-field";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { signUp } from "@/lib/accounts/actions";
import { currentActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Open an account" };

export default async function SignUpPage() {
  if (await currentActor()) redirect("/account");
  return (
    <Page
      width="narrow"
      title="Open an account"
      lead="One account both buys and sells. Looking around needs none."
    >
      <div className="grid gap-5">
        <Panel>
          <ActionForm action={signUp}>
            <FormText
              name="displayName"
              label="Name"
              hint="Shown beside your listings and deals. Contracts ask for your legal name later."
              autoComplete="name"
              required
              minLength={2}
              maxLength={60}
            />
            <EmailField hint="Never shown to others. You confirm it by a link before you buy or sell." />
            <NewPasswordField
              name="password"
              label="Password"
              more=" A few unrelated words are easy to remember and hard to guess."
            />
            <SubmitLine>Open an account</SubmitLine>
          </ActionForm>
        </Panel>
        <p className="text-ink-2">
          You have one? <a href="/sign-in">Sign in</a>.
        </p>
      </div>
    </Page>
  );
}
