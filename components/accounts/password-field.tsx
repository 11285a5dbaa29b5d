"use client";

import { useState, useSyncExternalStore } from "react";
import { useFieldState } from "@/components/forms/action-form";
import { controlClass } from "@/components/ui/field";

const subscribeToNothing = () => () => undefined;

type Props = {
  name: string;
  label: string;
  hint?: string;
  autoComplete: "current-password" | "new-password";
};

/** A password that can be pasted, filled by a password manager, and shown on demand where JavaScript runs. */
export function PasswordField({ name, label, hint, autoComplete }: Props) {
  const { error } = useFieldState(name);
  const [isShown, setShown] = useState(false);
  const hasScript = useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={name} className="font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${name}-hint`} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      <div className="flex gap-2">
        <input
          id={name}
          name={name}
          type={isShown ? "text" : "password"}
          autoComplete={autoComplete}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          maxLength={1000}
          aria-describedby={described || undefined}
          aria-invalid={error ? true : undefined}
          className={controlClass}
        />
        {hasScript && (
          <button
            type="button"
            aria-pressed={isShown}
            aria-label={`Show ${label.toLowerCase()}`}
            onClick={() => setShown(!isShown)}
            className="min-h-10 w-18 flex-none rounded-md border border-edge bg-surface text-sm text-ink-2 hover:text-ink"
          >
            {isShown ? "Hide" : "Show"}
          </button>
        )}
      </div>
      {error && (
        <p id={`${name}-error`} className="text-sm text-red">
          {error}
        </p>
      )}
    </div>
  );
}
