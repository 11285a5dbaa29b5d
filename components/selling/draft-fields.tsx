"use client";

import type { ComponentProps } from "react";
import { answerTo } from "@/components/forms/action-form";
import { answered } from "@/components/forms/form-fields";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { DRAFT_FORM, useEditor } from "./draft-editor";

function useAnswer(name: string) {
  return answerTo(name, useEditor().answer);
}

/** Fields of the draft form, wherever they stand on the page. */
export function DraftText(props: ComponentProps<typeof TextField>) {
  return <TextField {...answered(props, useAnswer(props.name))} form={DRAFT_FORM} />;
}

export function DraftArea(props: ComponentProps<typeof TextArea>) {
  return <TextArea {...answered(props, useAnswer(props.name))} form={DRAFT_FORM} />;
}

export function DraftSelect(props: ComponentProps<typeof SelectField>) {
  return <SelectField {...answered(props, useAnswer(props.name))} form={DRAFT_FORM} />;
}

/** An error that belongs to a group of fields. */
export function DraftError({ name }: { name: string }) {
  const { error } = useAnswer(name);
  return error ? (
    <p id={name} className="text-sm text-red">
      {error}
    </p>
  ) : null;
}
