"use client";

import type { ComponentProps } from "react";
import { fieldState } from "@/components/forms/action-form";
import { withFieldState } from "@/components/forms/form-fields";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { DRAFT_FORM, useEditor } from "./draft-editor";

function useField(name: string) {
  return fieldState(name, useEditor().answer);
}

/** Fields of the draft form, wherever they stand on the page. */
export function DraftText(props: ComponentProps<typeof TextField>) {
  return <TextField {...withFieldState(props, useField(props.name))} form={DRAFT_FORM} />;
}

export function DraftArea(props: ComponentProps<typeof TextArea>) {
  return <TextArea {...withFieldState(props, useField(props.name))} form={DRAFT_FORM} />;
}

export function DraftSelect(props: ComponentProps<typeof SelectField>) {
  return <SelectField {...withFieldState(props, useField(props.name))} form={DRAFT_FORM} />;
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
