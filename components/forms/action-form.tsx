"use client";

import { type ReactNode, createContext, useActionState, useContext, useEffect, useRef } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { RefusalText } from "@/components/ui/refusal-text";
import type { ActionState } from "@/lib/accounts/action-state";
import { RequestKey } from "./request-key";

const FormState = createContext<ActionState | null>(null);

type Props = {
  action: (previous: ActionState | null, form: FormData) => Promise<ActionState>;
  /** What the form sends along without showing it. */
  fields?: Record<string, string>;
  children: ReactNode;
  className?: string;
  "aria-label"?: string;
};

/**
 * A form that writes through one server action. Without JavaScript it is an ordinary form; with it the answer
 * appears in place. What was wrong stands above the form and beside each field; nothing typed is lost. Sent twice, it is
 * done once: it carries a request key, a fresh one after each answer.
 */
export function ActionForm({ action, fields = {}, children, className = "grid gap-4", ...rest }: Props) {
  const [state, dispatch] = useActionState(action, null);
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state && !state.ok) summary.current?.focus();
  }, [state]);
  return (
    <form action={dispatch} className={className} noValidate={false} {...rest}>
      {state && !state.ok && (
        <div
          ref={summary}
          tabIndex={-1}
          role="alert"
          className="col-span-full min-w-0 rounded-md bg-red-soft px-3 py-2 text-red"
        >
          <RefusalText text={state.message} />
        </div>
      )}
      {state?.ok && state.message && (
        <p role="status" className="col-span-full rounded-md bg-verdigris-soft px-3 py-2 text-verdigris">
          {state.message}
        </p>
      )}
      <RequestKey answer={state} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormState value={state}>{children}</FormState>
    </form>
  );
}

/** The last answer of the form around it, or null before the first. */
export function useAnswer(): ActionState | null {
  return useContext(FormState);
}

export type FieldState = { error?: string; value?: string };

/** What an answer said of one field: its error, and, when it was refused, what had been written there. */
export function fieldState(name: string, state: ActionState | null): FieldState {
  return !state || state.ok ? {} : { error: state.fields[name], value: state.values[name] };
}

/** What the last answer of the form around it said of one field. */
export function useFieldState(name: string): FieldState {
  return fieldState(name, useContext(FormState));
}

type FoldedProps = { summary: ReactNode; className?: string; children: ReactNode };

/** Folded fields of a form. They stand open when an answer found something wrong, also without JavaScript. */
export function FoldedFields({ summary, className = "grid gap-4", children }: FoldedProps) {
  const state = useContext(FormState);
  return (
    <details className="w-full" open={state ? !state.ok : false}>
      <summary className="inline-flex min-h-8 items-center underline decoration-line-strong underline-offset-3">
        {summary}
      </summary>
      <div className={`pt-4 ${className}`}>{children}</div>
    </details>
  );
}

type SubmitProps = { children: ReactNode; variant?: ButtonVariant; name?: string; value?: string };

export function SubmitButton({ children, variant = "primary", name, value }: SubmitProps) {
  const { pending } = useFormStatus();
  return (
    <Button type="submit" variant={variant} name={name} value={value} aria-disabled={pending || undefined}>
      {pending ? "Working…" : children}
    </Button>
  );
}

/** The button that ends a form, on a line of its own. */
export function SubmitLine(props: SubmitProps) {
  return (
    <div>
      <SubmitButton {...props} />
    </div>
  );
}

/** A form of one button, which does one thing to what `fields` name. */
export function ButtonForm({ variant, children, ...form }: Props & { variant?: ButtonVariant }) {
  return (
    <ActionForm {...form}>
      <SubmitButton variant={variant}>{children}</SubmitButton>
    </ActionForm>
  );
}
