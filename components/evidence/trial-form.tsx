"use client";

import { ActionForm, SubmitLine, useAnswer } from "@/components/forms/action-form";
import { FieldFrame, SelectField, TextArea, TextField, described } from "@/components/ui/field";
import { tryListing } from "@/lib/evidence/actions/trials";
import type { AskedOfBearer } from "@/lib/evidence/known-about";
import { trialViewSchema } from "@/lib/evidence/trial-view";
import type { AskedInput } from "@/lib/inference/asked-input";
import { bearerField, fieldName } from "@/lib/inference/trial-fields";
import { TrialAnswer } from "./trial-answer";

type Props = { slug: string; currency: string; asked: AskedInput; bearer: readonly AskedOfBearer[] };

/** Asks for one input and shows what came of the last one, with and without JavaScript. */
export function TrialForm({ slug, currency, asked, bearer }: Props) {
  return (
    <ActionForm action={tryListing} fields={{ slug }} className="grid gap-5">
      <AskedFields asked={asked} />
      {bearer.length > 0 && <BearerFields bearer={bearer} />}
      <SubmitLine>Ask the model</SubmitLine>
      <LastTrial slug={slug} currency={currency} />
    </ActionForm>
  );
}

/** What was typed stays, whether it was answered or refused. */
function useTyped() {
  const state = useAnswer();
  return (name: string, id = name) => ({
    name,
    id,
    error: state && !state.ok ? state.fields[name] : undefined,
    defaultValue: state?.values?.[name] ?? "",
    key: `${name} ${state?.values?.[name] ?? ""}`,
  });
}

function AskedFields({ asked }: { asked: AskedInput }) {
  const typed = useTyped();
  switch (asked.kind) {
    case "text": {
      const { key, ...field } = typed("text");
      const hint = `At most ${asked.maxCharacters.toLocaleString("en")} characters.`;
      return <TextArea key={key} {...field} label="Text" rows={6} required hint={hint} />;
    }
    case "question": {
      const [question, context] = [typed("question"), typed("context")];
      return (
        <>
          <TextArea {...context} key={context.key} label="Text that holds the answer" rows={6} required />
          <TextField {...question} key={question.key} label="Question" required />
        </>
      );
    }
    case "fields":
      return (
        <div className="grid gap-4 sm:grid-cols-2">
          {asked.fields.map(({ name, type, unit }, at) => {
            const { key, ...field } = typed(fieldName(name), `field-${at}`);
            const inputMode = type === "text" ? "text" : "decimal";
            return (
              <TextField
                key={key}
                {...field}
                label={name}
                hint={unit || undefined}
                inputMode={inputMode}
                required
              />
            );
          })}
        </div>
      );
    case "image":
      return <MediaField label="Picture" accept="image/png,image/jpeg" hint="PNG or JPEG, at most 900 KB." />;
    case "audio":
      return <MediaField label="Sound" accept="audio/wav,.wav" hint="WAV, at most 900 KB." />;
  }
}

function MediaField({ label, accept, hint }: { label: string; accept: string; hint: string }) {
  const state = useAnswer();
  const error = state && !state.ok ? state.fields.file : undefined;
  const field = { name: "file", label, hint, error };
  return (
    <FieldFrame {...field}>
      <input type="file" accept={accept} required {...described(field)} />
    </FieldFrame>
  );
}

function BearerFields({ bearer }: { bearer: readonly AskedOfBearer[] }) {
  const typed = useTyped();
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-2 max-w-[66ch] text-ink-2">
        Its record also tells inputs apart by what only you know of yours. Leave open what you do not know.
      </legend>
      {bearer.map(({ column, values }, at) => {
        const { key, ...field } = typed(bearerField(column), `about-${at}`);
        return values.length > 0 ? (
          <SelectField key={key} {...field} label={column} isOptional options={choicesOf(values)}>
            <option value="">I do not know</option>
          </SelectField>
        ) : (
          <TextField key={key} {...field} label={column} isOptional inputMode="decimal" />
        );
      })}
    </fieldset>
  );
}

function choicesOf(values: readonly string[]): [value: string, label: string][] {
  if (values.every((value) => value === "true" || value === "false"))
    return [
      ["true", "Yes"],
      ["false", "No"],
    ];
  return [...values.map((value): [string, string] => [value, value]), ["none of these", "None of these"]];
}

function LastTrial({ slug, currency }: { slug: string; currency: string }) {
  const state = useAnswer();
  const trial = state?.ok ? state.values?.trial : undefined;
  if (trial === undefined) return null;
  return <TrialAnswer slug={slug} currency={currency} trial={trialViewSchema.parse(JSON.parse(trial))} />;
}
