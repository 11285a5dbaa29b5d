"use client";

import type { ComponentProps } from "react";
import { Choice, SelectField, TextArea, TextField } from "@/components/ui/field";
import { useFieldState } from "./action-form";

/** Fields inside an ActionForm: they show their error and keep what was written when an answer comes back. */
export function FormText(props: ComponentProps<typeof TextField>) {
  const { error, value } = useFieldState(props.name);
  return (
    <TextField
      {...props}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
      key={value}
    />
  );
}

export function FormArea(props: ComponentProps<typeof TextArea>) {
  const { error, value } = useFieldState(props.name);
  return (
    <TextArea
      {...props}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
      key={value}
    />
  );
}

export function FormSelect(props: ComponentProps<typeof SelectField>) {
  const { error, value } = useFieldState(props.name);
  return (
    <SelectField
      {...props}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
      key={value}
    />
  );
}

/** What was wrong with a field that has no frame of its own, such as a set of choices. */
export function FormError({ name }: { name: string }) {
  const { error } = useFieldState(name);
  if (!error) return null;
  return (
    <p id={`${name}-error`} className="text-sm text-red">
      {error}
    </p>
  );
}

/** A box to tick, with what was wrong when it was not. */
export function FormChoice(props: ComponentProps<typeof Choice> & { name: string }) {
  const { error } = useFieldState(props.name);
  return (
    <div>
      <Choice
        {...props}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${props.name}-error` : undefined}
      />
      <FormError name={props.name} />
    </div>
  );
}
