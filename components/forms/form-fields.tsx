"use client";

import type { ComponentProps } from "react";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { useFieldAnswer } from "./action-form";

/** Fields inside an ActionForm: they show their error and keep what was written when an answer comes back. */
export function FormText(props: ComponentProps<typeof TextField>) {
  const { error, value } = useFieldAnswer(props.name);
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
  const { error, value } = useFieldAnswer(props.name);
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
  const { error, value } = useFieldAnswer(props.name);
  return (
    <SelectField
      {...props}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
      key={value}
    />
  );
}
