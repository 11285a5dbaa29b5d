import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EmailField } from "@/components/accounts/email-field";
import { PasswordField } from "@/components/accounts/password-field";
import { PasskeyForm } from "@/components/accounts/second-step-fields";
import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { offerSignInPasskey, signIn, signInByPasskey } from "@/lib/accounts/actions";
import { ownPath } from "@/lib/accounts/return-path";
import { currentActor } from "@/lib/accounts/session/session";
import { getInstallation } from "@/lib/platform/installation";

export const metadata: Metadata = { title: "Sign in" };

const DEMO_PEOPLE = ["buyer", "seller", "evaluator", "moderator", "administrator"];

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next: asked, done, error } = await searchParams;
  const next = ownPath(typeof asked === "string" ? asked : null);
  if (await currentActor()) redirect(next);
  const { isDemo } = await getInstallation();
  return (
    <Page
      width="narrow"
      title="Sign in"
      lead={next === "/" ? undefined : "You will be taken back to where you were."}
    >
      <div className="grid gap-5">
        {done === "password-changed" && (
          <Notice tone="good">
            Your new password is set and every session has been ended. Sign in with it.
          </Notice>
        )}
        {error !== undefined && <Notice tone="bad">Signing in did not work. Try it here.</Notice>}
        <Panel>
          <ActionForm action={signIn} fields={{ next }}>
            <EmailField />
            <PasswordField name="password" label="Password" autoComplete="current-password" />
            <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
              <SubmitButton>Sign in</SubmitButton>
              <TextLink href="/forgot-password">Forgot your password?</TextLink>
            </div>
          </ActionForm>
          <div className="pt-4 empty:hidden">
            <PasskeyForm action={signInByPasskey} offer={offerSignInPasskey} fields={{ next }}>
              Use a passkey
            </PasskeyForm>
          </div>
        </Panel>
        <p className="text-ink-2">
          New here? <a href="/sign-up">Open an account</a>. Everybody may buy and sell.
        </p>
        {isDemo && (
          <Panel title="Demo accounts">
            <p className="pb-2 text-ink-2">
              The password of each is <code className="font-mono text-sm select-all">offcut-demo</code>; a
              second step is not asked in a demo.
            </p>
            <ul className="grid gap-1 font-mono text-sm">
              {DEMO_PEOPLE.map((person) => (
                <li key={person} className="select-all">
                  {person}@demo.offcut.test
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </Page>
  );
}
