import { ActionForm, FoldedFields, SubmitLine } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { enrolCommandLineKey } from "@/lib/accounts/actions";
import type { AskedStep } from "@/lib/accounts/queries/second-factors";
import { ProofFields } from "./second-step-fields";

type Props = { accountId: string; isDemo: boolean; step: AskedStep };

/** Enrols a key that the person made on their own machine; it needs no JavaScript. */
export function CommandLineKey({ accountId, isDemo, step }: Props) {
  return (
    <ActionForm
      action={enrolCommandLineKey}
      className="mt-4 grid max-w-[66ch] gap-3 border-t border-line pt-3"
      aria-label="Enrol a command-line key"
    >
      <FoldedFields summary="Let the command line sign for you">
        <p className="text-ink-2">
          Make a key on your own machine; its private half stays there. Then paste the request it prints here.
        </p>
        <pre className="rounded-md bg-sunken px-3 py-2 text-sm break-words whitespace-pre-wrap">
          npm run offcut -- keygen --account {accountId}
        </pre>
        <FormArea
          name="request"
          label="Request"
          hint='The line that begins with {"spki"'
          rows={4}
          required
          spellCheck={false}
        />
        <ProofFields
          id="command-line"
          step={step}
          passwordName="accountPassword"
          passwordLabel="Password of this account"
        />
        <p className="text-sm text-ink-3">
          {isDemo
            ? "In a demo account, whose password is public, the key signs at once."
            : "You get a mail. Unless it is your first key, its signatures count after 24 hours, or as soon as you approve it here with a device that signs."}
        </p>
        <SubmitLine variant="secondary">Enrol this key</SubmitLine>
      </FoldedFields>
    </ActionForm>
  );
}
