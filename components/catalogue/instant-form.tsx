"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useEffect, useRef, useTransition } from "react";

const TYPING_PAUSE_MS = 350;

/** Names whose change does not search again. */
const SILENT = new Set(["c"]);

type Props = { action: string; /** The address the page shows now. */ address: string; children: ReactNode };

/**
 * A search form that is an ordinary GET form without JavaScript. With it every choice searches at once: a filter adds
 * a step to the history, typing replaces the present one, and focus and scroll stay where they are.
 */
export function InstantForm({ action, address, children }: Props) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isPending, startTransition] = useTransition();

  useEffect(() => showChoices(form.current), [address]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function search(isTyping: boolean) {
    clearTimeout(timer.current);
    if (!form.current) return;
    const parameters = new URLSearchParams();
    for (const [name, value] of new FormData(form.current))
      if (typeof value === "string" && value !== "" && !SILENT.has(name)) parameters.append(name, value);
    const target = parameters.size > 0 ? `${action}?${parameters}` : action;
    startTransition(() => (isTyping ? router.replace : router.push)(target, { scroll: false }));
  }

  function onChange({ target }: FormEvent<HTMLFormElement>) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (SILENT.has(target.name) || target.type === "search") return;
    search(false);
  }

  function onInput({ target }: FormEvent<HTMLFormElement>) {
    if (!(target instanceof HTMLInputElement) || target.type !== "search") return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(true), TYPING_PAUSE_MS);
  }

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    const button = (event.nativeEvent as SubmitEvent).submitter;
    if (button?.hasAttribute("formaction")) return;
    event.preventDefault();
    search(false);
  }

  return (
    <form
      ref={form}
      action={action}
      onChange={onChange}
      onInput={onInput}
      onSubmit={onSubmit}
      data-pending={isPending || undefined}
      className="group/search"
    >
      {children}
    </form>
  );
}

/** After a step back, or a chip taken away, the controls show what the address says, except the one being typed in. */
function showChoices(form: HTMLFormElement | null) {
  for (const control of form?.elements ?? []) {
    if (control instanceof HTMLSelectElement) control.value = control.dataset.chosen ?? "";
    if (!(control instanceof HTMLInputElement) || SILENT.has(control.name)) continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = control.defaultChecked;
    else if (control !== document.activeElement) control.value = control.defaultValue;
  }
}
