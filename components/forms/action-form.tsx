"use client";

import { type ReactNode, createContext, useActionState, useContext, useEffect, useRef } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonVariant } from "@/components/ui/button";
import type { ActionState } from "@/lib/accounts/action-state";

const FormState = createContext<ActionState | null>(null);

type Props = {
  action: (previous: ActionState | null, form: FormData) => Promise<ActionState>;
  children: ReactNode;
  className?: string;
  /** Where the page with the answer stands when JavaScript is off. */
  permalink?: string;
  /** Called in the browser after the server said yes. */
  onDone?: () => void;
  "aria-label"?: string;
  /** For fields that stand outside the form. */
  id?: string;
};

/**
 * A form that writes through one server action. Without JavaScript it is an ordinary form; with it the answer
 * appears in place. What was wrong stands above the form and beside each field; nothing typed is lost.
 */
export function ActionForm({
  action,
  children,
  className = "grid gap-4",
  permalink,
  onDone,
  ...rest
}: Props) {
  const [state, dispatch] = useActionState(action, null, permalink);
  const summary = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (state && !state.ok) summary.current?.focus();
    if (state?.ok) onDone?.();
  }, [state, onDone]);
  return (
    <form action={dispatch} className={className} noValidate={false} {...rest}>
      {state && !state.ok && (
        <p
          ref={summary}
          tabIndex={-1}
          role="alert"
          className="col-span-full rounded-md bg-red-soft px-3 py-2 text-red"
        >
          {state.message}
        </p>
      )}
      {state?.ok && state.message && (
        <p role="status" className="col-span-full rounded-md bg-verdigris-soft px-3 py-2 text-verdigris">
          {state.message}
        </p>
      )}
      <FormState value={state}>{children}</FormState>
    </form>
  );
}

/** What the last answer said of one field: its error, and what had been written. */
export function useFieldState(name: string): { error?: string; value?: string } {
  const state = useContext(FormState);
  if (!state || state.ok) return {};
  return { error: state.fields[name], value: state.values[name] };
}

/** Folded fields of a form. They stand open when an answer found something wrong, also without JavaScript. */
export function FoldedFields({
  summary,
  className,
  children,
}: {
  summary: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const state = useContext(FormState);
  return (
    <details className="w-full" open={state ? !state.ok : false}>
      <summary className="inline-flex min-h-8 items-center underline decoration-line-strong underline-offset-3">
        {summary}
      </summary>
      <div className={`pt-4 ${className ?? "grid gap-4"}`}>{children}</div>
    </details>
  );
}

export function SubmitButton({
  children,
  variant = "primary",
  name,
  value,
}: {
  children: ReactNode;
  variant?: ButtonVariant;
  name?: string;
  value?: string;
}) {
  const { pending } = useFormStatus();
  return (
    <Button type="submit" variant={variant} name={name} value={value} aria-disabled={pending || undefined}>
      {pending ? "Working…" : children}
    </Button>
  );
}
