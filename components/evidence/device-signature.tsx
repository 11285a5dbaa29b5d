"use client";

import { useCallback, useRef } from "react";
import type { WordsField } from "./sign-statement";
import { type Sign, type Signed, useDeviceSigning } from "./use-device-signing";

type Props = {
  accountId: string;
  /** The exact bytes to sign, base64. */
  statementBase64: string;
};

/**
 * Inside a form: signs with this browser's key when the form is sent, and sends the envelope along. Where no key can
 * be made the form goes without one, and the platform records the weaker form instead; the note says so beforehand.
 */
export function DeviceSignature({ accountId, statementBase64 }: Props) {
  const sign = useCallback(async (): Promise<Signed> => {
    const { signStatement } = await import("./sign-statement");
    const { envelope, message } = await signStatement(accountId, statementBase64);
    return { value: envelope, message };
  }, [accountId, statementBase64]);
  return <SignedField name="envelope" sign={sign} />;
}

type ListProps = {
  accountId: string;
  /** The exact bytes of each statement, base64. */
  statementsBase64: readonly string[];
};

/** The same for many statements at once: the field `envelopes` carries a JSON list. */
export function DeviceSignatures({ accountId, statementsBase64 }: ListProps) {
  const list = JSON.stringify(statementsBase64);
  const sign = useCallback(async (): Promise<Signed> => {
    const { signStatements } = await import("./sign-statement");
    const { envelopes, message } = await signStatements(accountId, JSON.parse(list) as string[]);
    return { value: envelopes.length === 0 ? "" : JSON.stringify(envelopes), message };
  }, [accountId, list]);
  return (
    <SignedField
      name="envelopes"
      sign={sign}
      without="The claims stand as your account agreed to them when you published."
    />
  );
}

type WordsProps = {
  accountId: string;
  statementJson: string;
  /** The form's field with the words, called as in the statement. */
  field: WordsField;
};

/** The same for words that are typed into the form: they are put into the statement before it is signed. */
export function DeviceSignedWords({ accountId, statementJson, field }: WordsProps) {
  const sign = useCallback(
    async (form: HTMLFormElement): Promise<Signed> => {
      const { signWords } = await import("./sign-statement");
      const words = String(new FormData(form).get(field) ?? "");
      const { envelope, message } = await signWords(accountId, statementJson, field, words);
      return { value: envelope, message };
    },
    [accountId, statementJson, field],
  );
  return <SignedField name="envelope" sign={sign} />;
}

type FieldProps = { name: string; sign: Sign; without?: string };

/** The hidden field that carries what was signed, and what is to be known of the signature. */
function SignedField({ name, sign, without }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const note = useDeviceSigning(field, sign);
  return (
    <>
      <input ref={field} type="hidden" name={name} defaultValue="" />
      <p role="status" className="text-sm text-ink-3">
        {note ?? "Signed with the key of this browser, which is made the first time and never leaves it."}
      </p>
      <noscript>
        <p className="text-sm text-ochre">
          {without
            ? `Without JavaScript there is no key. ${without}`
            : "Without JavaScript there is no key: Offcut will sign that your account agreed while signed in. Pages show that weaker form."}
        </p>
      </noscript>
    </>
  );
}
