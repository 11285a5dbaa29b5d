"use client";

import type { ComponentProps } from "react";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { DRAFT_FORM, useEditor } from "./draft-editor";

/** What the last answer said of one field, and, when it was refused, what had been written there. */
function useField(name: string): { error?: string; value?: string } {
  const { answer } = useEditor();
  if (!answer || answer.ok) return {};
  return { error: answer.fields[name], value: answer.values[name] };
}

/** Fields of the draft form, wherever they stand on the page. */
export function DraftText(props: ComponentProps<typeof TextField>) {
  const { error, value } = useField(props.name);
  return (
    <TextField
      {...props}
      form={DRAFT_FORM}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
    />
  );
}

export function DraftArea(props: ComponentProps<typeof TextArea>) {
  const { error, value } = useField(props.name);
  return (
    <TextArea
      {...props}
      form={DRAFT_FORM}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
    />
  );
}

export function DraftSelect({
  options,
  ...props
}: ComponentProps<typeof SelectField> & { options: readonly (readonly [value: string, label: string])[] }) {
  const { error, value } = useField(props.name);
  return (
    <SelectField
      {...props}
      form={DRAFT_FORM}
      error={error ?? props.error}
      defaultValue={value ?? props.defaultValue}
    >
      {options.map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </SelectField>
  );
}

/** An error that belongs to a group of fields. */
export function DraftError({ name }: { name: string }) {
  const { error } = useField(name);
  return error ? (
    <p id={name} className="text-sm text-red">
      {error}
    </p>
  ) : null;
}
