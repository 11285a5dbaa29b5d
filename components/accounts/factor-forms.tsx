"use client";

import type { ReactNode } from "react";
import { ActionForm, SubmitLine, useAnswer } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ActionState } from "@/lib/accounts/action-state";
import {
  addPasskey,
  confirmApp,
  offerEnrolment,
  removeFactor,
  renameFactor,
  replaceRecoveryCodes,
  startApp,
} from "@/lib/accounts/actions";
import type { AskedStep } from "@/lib/accounts/queries/second-factors";
import { makePasskey } from "./ask-passkey";
import { RecoveryCodes } from "./recovery-codes";
import { CodeField, ProofFields } from "./second-step-fields";

function BackToAccount() {
  return (
    <div className="print:hidden">
      <ButtonLink href="/account#second-step">Back to your account</ButtonLink>
    </div>
  );
}

/** The fields of a form until it has succeeded, then what is shown once, if anything. */
function UntilDone({ children }: { children: ReactNode }) {
  const answer = useAnswer();
  if (!answer?.ok) return children;
  return (
    <>
      {answer.shownOnce && <RecoveryCodes codes={answer.shownOnce} />}
      <BackToAccount />
    </>
  );
}

function LabelField({ value, hint }: { value: string; hint?: string }) {
  return <FormText name="label" label="Name" hint={hint} defaultValue={value} required maxLength={60} />;
}

export function StartAppForm({ step }: { step: AskedStep }) {
  return (
    <ActionForm action={startApp}>
      <LabelField value="Authenticator app" hint="So that you know it again, such as the phone it is on" />
      <ProofFields id="app" step={step} />
      <SubmitLine>Go on</SubmitLine>
    </ActionForm>
  );
}

/** Asks for the first code of an app; `children` show its secret. Null when none waits. */
export function ConfirmAppForm({ children }: { children: ReactNode }) {
  return (
    <ActionForm action={confirmApp} className="grid gap-5">
      <UntilDone>
        {children ? (
          <>
            {children}
            <CodeField hint="The six digits that the app shows now" />
            <SubmitLine>Confirm</SubmitLine>
          </>
        ) : (
          <>
            <Notice>No app waits for its first code. Each has 15 minutes.</Notice>
            <div>
              <ButtonLink href="/account/second-step/app">Begin again</ButtonLink>
            </div>
          </>
        )}
      </UntilDone>
    </ActionForm>
  );
}

export function AddPasskeyForm({ step, label }: { step: AskedStep; label: string }) {
  async function add(previous: ActionState | null, form: FormData): Promise<ActionState> {
    // Asking for a challenge and answering it are two requests.
    const asked = new FormData();
    for (const [name, value] of form) asked.append(name, value);
    asked.set("requestKey", crypto.randomUUID());
    const offered = await offerEnrolment(previous, asked);
    if (!offered.ok) return offered;
    const made = await makePasskey(offered);
    if ("refusal" in made) return made.refusal;
    form.set("passkey", made.passkey);
    return addPasskey(previous, form);
  }
  return (
    <ActionForm action={add}>
      <UntilDone>
        <LabelField value={label} hint="So that you know it again" />
        <ProofFields id="passkey" step={step} />
        <SubmitLine>Make a passkey</SubmitLine>
      </UntilDone>
    </ActionForm>
  );
}

export function RecoveryCodesForm({ step }: { step: AskedStep }) {
  return (
    <ActionForm action={replaceRecoveryCodes} className="grid gap-5">
      <UntilDone>
        <ProofFields id="codes" step={step} />
        <SubmitLine>Make new codes</SubmitLine>
      </UntilDone>
    </ActionForm>
  );
}

export function RenameFactorForm({ factorId, label }: { factorId: string; label: string }) {
  return (
    <ActionForm action={renameFactor} fields={{ factorId }}>
      <LabelField value={label} />
      <SubmitLine variant="secondary">Rename</SubmitLine>
    </ActionForm>
  );
}

export function RemoveFactorForm({ factorId, step }: { factorId: string; step: AskedStep }) {
  return (
    <ActionForm action={removeFactor} fields={{ factorId }}>
      <ProofFields id="remove" step={step} />
      <SubmitLine variant="danger">Remove it</SubmitLine>
    </ActionForm>
  );
}
