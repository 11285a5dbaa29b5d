import { type RefObject, useEffect, useState } from "react";

export type Signed = { value: string; message: string | null };
export type Sign = (form: HTMLFormElement) => Promise<Signed>;

/**
 * Signs when the form around a hidden field is sent, puts what came out into the field, and then sends it. Where no key
 * can be made the field stays empty, and the note says what happens instead. Returns that note; null before.
 */
export function useDeviceSigning(field: RefObject<HTMLInputElement | null>, sign: Sign): string | null {
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
      void sign(form)
        .catch((): Signed => ({ value: "", message: "This browser could not sign." }))
        .then(({ value, message }) => {
          if (field.current) field.current.value = value;
          setNote(message);
          isSigned = true;
          form.requestSubmit(event.submitter);
        });
    };
    form.addEventListener("submit", submit, { capture: true });
    return () => form.removeEventListener("submit", submit, { capture: true });
  }, [field, sign]);
  return note;
}
