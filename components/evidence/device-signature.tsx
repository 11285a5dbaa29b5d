"use client";

import { useEffect, useRef, useState } from "react";

type Props = {
  accountId: string;
  /** The exact bytes to sign, base64. */
  statementBase64: string;
  /** The hidden field that carries the envelope. */
  name?: string;
};

/**
 * Inside a form: signs with this browser's key when the form is sent, and sends the envelope along. Where no key can
 * be made the form goes without one, and the platform records the weaker form instead; the note says so beforehand.
 */
export function DeviceSignature({ accountId, statementBase64, name = "envelope" }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState<string | null>(null);
  useEffect(() => {
    const form = field.current?.form;
    if (!form) return;
    let isSigned = false;
    const submit = (event: SubmitEvent) => {
      if (isSigned) {
        isSigned = false;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      setNote("Signing…");
      void envelopeOf(accountId, statementBase64).then(({ envelope, message }) => {
        if (field.current) field.current.value = envelope;
        setNote(message);
        isSigned = true;
        form.requestSubmit(event.submitter);
      });
    };
    form.addEventListener("submit", submit, { capture: true });
    return () => form.removeEventListener("submit", submit, { capture: true });
  }, [accountId, statementBase64]);
  return (
    <>
      <input ref={field} type="hidden" name={name} defaultValue="" />
      <p role="status" className="text-sm text-ink-3">
        {note ?? "Signed with the key of this browser, which is made the first time and never leaves it."}
      </p>
      <noscript>
        <p className="text-sm text-ochre">
          Without JavaScript there is no key: Offcut will sign that your account agreed while signed in. Pages
          show that weaker form.
        </p>
      </noscript>
    </>
  );
}

async function envelopeOf(
  accountId: string,
  statementBase64: string,
): Promise<{ envelope: string; message: string | null }> {
  try {
    const { signStatement } = await import("./sign-statement");
    return await signStatement(accountId, statementBase64);
  } catch {
    return { envelope: "", message: "This browser could not sign; Offcut recorded that you agreed instead." };
  }
}
