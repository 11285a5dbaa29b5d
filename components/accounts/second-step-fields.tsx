"use client";

import { type ReactNode, useState } from "react";
import { ActionForm, SubmitLine, useAnswer } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { useHasScript } from "@/components/ui/has-script";
import type { ActionState } from "@/lib/accounts/action-state";
import { offerPasskey } from "@/lib/accounts/actions";
import type { AskedStep } from "@/lib/accounts/queries/second-factors";
import { askPasskey } from "./ask-passkey";
import { PasswordField } from "./password-field";

type Action = (previous: ActionState | null, form: FormData) => Promise<ActionState>;

/** The code of an authenticator app, or, unless `hint` says otherwise, a recovery code. */
export function CodeField({
  id,
  hint = "Six digits from your authenticator app, or a recovery code",
}: {
  id?: string;
  hint?: string;
}) {
  return (
    <FormText
      name="code"
      id={id}
      label="Code"
      hint={hint}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      maxLength={60}
    />
  );
}

type StepProps = {
  /** What tells the fields of several forms of one page apart. */
  id: string;
  step: AskedStep;
  offer?: Action;
};

/** A code, or in its place a passkey, which is good for one sending. */
export function SecondStepFields({ id, step, offer = offerPasskey }: StepProps) {
  const answer = useAnswer();
  const hasScript = useHasScript();
  const [given, setGiven] = useState<{ passkey: string; before: ActionState | null } | null>(null);
  const [problem, setProblem] = useState("");
  if (!step.hasSecondFactor) return null;
  if (given && given.before === answer) {
    return (
      <p className="text-verdigris" role="status">
        <input type="hidden" name="passkey" value={given.passkey} />
        Your passkey is confirmed.
      </p>
    );
  }
  async function ask() {
    const asked = await askPasskey(offer);
    if ("passkey" in asked) setGiven({ passkey: asked.passkey, before: answer });
    setProblem("refusal" in asked && !asked.refusal.ok ? asked.refusal.message : "");
  }
  return (
    <>
      <CodeField id={`${id}-code`} />
      {step.hasPasskey && hasScript && (
        <div>
          <Button type="button" variant="quiet" onClick={() => void ask()}>
            Use a passkey instead of a code
          </Button>
          {problem && (
            <p role="alert" className="text-sm text-red">
              {problem}
            </p>
          )}
        </div>
      )}
    </>
  );
}

type ProofProps = Pick<StepProps, "id" | "step"> & { passwordName?: string; passwordLabel?: string };

/** What re-authentication asks for: the password, and a second step where the account has one. */
export function ProofFields({
  passwordName = "password",
  passwordLabel = "Your password",
  ...props
}: ProofProps) {
  return (
    <>
      <PasswordField
        name={passwordName}
        id={`${props.id}-password`}
        label={passwordLabel}
        autoComplete="current-password"
      />
      <SecondStepFields {...props} />
    </>
  );
}

type PasskeyFormProps = {
  action: Action;
  offer: Action;
  fields?: Record<string, string>;
  variant?: ButtonVariant;
  children: ReactNode;
};

/** A button that asks the device for a passkey and sends it; there is none where no script runs. */
export function PasskeyForm({ action, offer, variant = "secondary", children, ...form }: PasskeyFormProps) {
  const hasScript = useHasScript();
  async function prove(previous: ActionState | null, sent: FormData): Promise<ActionState> {
    const asked = await askPasskey(offer);
    if ("refusal" in asked) return asked.refusal;
    sent.set("passkey", asked.passkey);
    return action(previous, sent);
  }
  if (!hasScript) return null;
  return (
    <ActionForm action={prove} {...form}>
      <SubmitLine variant={variant}>{children}</SubmitLine>
    </ActionForm>
  );
}
