"use client";

import { useState } from "react";
import { useFieldState } from "@/components/forms/action-form";
import { FieldFrame, controlClass, described } from "@/components/ui/field";
import { useHasScript } from "@/components/ui/has-script";
import { PASSWORD_MIN } from "@/lib/accounts/password-length";

type Props = {
  name: string;
  id?: string;
  label: string;
  hint?: string;
  autoComplete: "current-password" | "new-password";
};

/** A password that can be pasted, filled by a password manager, and shown on demand where JavaScript runs. */
export function PasswordField({ autoComplete, ...props }: Props) {
  const { error } = useFieldState(props.name);
  const [isShown, setShown] = useState(false);
  const hasScript = useHasScript();
  const field = { ...props, error };
  return (
    <FieldFrame {...field}>
      <div className="flex gap-2">
        <input
          {...described(field)}
          type={isShown ? "text" : "password"}
          autoComplete={autoComplete}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          maxLength={1000}
          className={controlClass}
        />
        {hasScript && (
          <button
            type="button"
            aria-pressed={isShown}
            aria-label={`Show ${props.label.toLowerCase()}`}
            onClick={() => setShown(!isShown)}
            className="min-h-10 w-18 flex-none rounded-md border border-edge bg-surface text-sm text-ink-2 hover:text-ink"
          >
            {isShown ? "Hide" : "Show"}
          </button>
        )}
      </div>
    </FieldFrame>
  );
}

/** A password to be chosen, with what it needs and `more` to help. */
export function NewPasswordField({ name, label, more = "" }: { name: string; label: string; more?: string }) {
  const hint = `At least ${PASSWORD_MIN} characters, any you like.${more}`;
  return <PasswordField name={name} label={label} hint={hint} autoComplete="new-password" />;
}
