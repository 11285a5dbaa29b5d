import { type ModelInput, MAX_TEXT_CHARACTERS } from "./model-input";
import type { Preprocessing } from "./preprocessing";
import { type RunContract, preprocessingOf } from "./run-contract";
import { fieldName } from "./trial-fields";

export type AskedField = { name: string; type: "number" | "whole_number" | "text"; unit: string };

/** What a person is asked for to try a model once. */
export type AskedInput =
  | { kind: "text"; maxCharacters: number }
  | { kind: "question"; maxCharacters: number }
  | { kind: "fields"; fields: AskedField[] }
  | { kind: "image" }
  | { kind: "audio" };

/** What a model of this contract is asked with. */
export function askedInput({ input }: Pick<RunContract, "input">): AskedInput {
  switch (input.kind) {
    case "text":
    case "question":
      return { kind: input.kind, maxCharacters: input.maxCharacters };
    case "fields":
      return { kind: "fields", fields: input.columns.map(({ name, type }) => ({ name, type, unit: "" })) };
    case "image":
    case "audio":
      return { kind: input.kind };
    case "prepared":
      return askedToPrepare(preprocessingOf(input));
  }
}

function askedToPrepare(spec: Preprocessing): AskedInput {
  switch (spec.kind) {
    case "text-hash":
      return { kind: "text", maxCharacters: Math.min(MAX_TEXT_CHARACTERS, spec.maxCharacters) };
    case "numbers":
      return {
        kind: "fields",
        fields: spec.columns.map(({ name, unit }) => ({ name, type: "number", unit })),
      };
    case "image":
      return { kind: "image" };
    case "board":
      return { kind: "fields", fields: [{ name: "board", type: "text", unit: boardUnit(spec) }] };
  }
}

function boardUnit({ columns, rows }: { columns: number; rows: number }): string {
  return `${columns * rows} of the signs x (to move), o and . from the bottom row up`;
}

/** What arrived of a form: texts by the name of their field, and the file of a picture or sound. */
export type ArrivedInput = { texts: Readonly<Record<string, string>>; file: Uint8Array | null };

/** The input itself; or what is wrong with it, by field, in a sentence each. */
export type ReadInput = { input: ModelInput } | { wrong: Record<string, string> };

export function readInput(asked: AskedInput, { texts, file }: ArrivedInput): ReadInput {
  switch (asked.kind) {
    case "text": {
      const wrong = wrongText(texts.text, asked.maxCharacters);
      return wrong ? { wrong: { text: wrong } } : { input: { kind: "text", text: texts.text ?? "" } };
    }
    case "question": {
      const { question = "", context = "" } = texts;
      const wrong = {
        ...named("question", wrongText(question, asked.maxCharacters)),
        ...named("context", wrongText(context, asked.maxCharacters)),
      };
      return Object.keys(wrong).length > 0 ? { wrong } : { input: { kind: "question", question, context } };
    }
    case "fields":
      return readFields(asked.fields, texts);
    case "image":
    case "audio":
      return file && file.length > 0
        ? { input: { kind: asked.kind, base64: Buffer.from(file).toString("base64") } }
        : { wrong: { file: asked.kind === "image" ? "Choose a picture." : "Choose a sound." } };
  }
}

function readFields(fields: readonly AskedField[], texts: ArrivedInput["texts"]): ReadInput {
  const wrong: Record<string, string> = {};
  const values: Record<string, string> = {};
  for (const { name, type } of fields) {
    const text = (texts[fieldName(name)] ?? "").trim();
    if (text === "") wrong[fieldName(name)] = "Write something here.";
    else if (type === "number" && !Number.isFinite(Number(text))) wrong[fieldName(name)] = "Write a number.";
    else if (type === "whole_number" && !/^[+-]?\d{1,18}$/.test(text))
      wrong[fieldName(name)] = "Write a whole number.";
    values[name] = text;
  }
  return Object.keys(wrong).length > 0 ? { wrong } : { input: { kind: "fields", values } };
}

function wrongText(text: string | undefined, maxCharacters: number): string | null {
  if (!text || text.trim() === "") return "Write something here.";
  const length = [...text].length;
  return length > maxCharacters
    ? `The model reads at most ${maxCharacters.toLocaleString("en")} characters; these are ${length.toLocaleString("en")}.`
    : null;
}

function named(field: string, wrong: string | null): Record<string, string> {
  return wrong ? { [field]: wrong } : {};
}
