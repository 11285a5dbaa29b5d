import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { PasswordField } from "@/components/accounts/password-field";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { signUp } from "@/lib/accounts/actions";
import { PASSWORD_MIN } from "@/lib/accounts/password-length";
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
            <FormText
              name="email"
              type="email"
              label="E-mail address"
              hint="Never shown to others. You confirm it by a link before you buy or sell."
              autoComplete="username"
              required
              maxLength={254}
            />
            <PasswordField
              name="password"
              label="Password"
              hint={`At least ${PASSWORD_MIN} characters, any you like. A few unrelated words are easy to remember and hard to guess.`}
              autoComplete="new-password"
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
