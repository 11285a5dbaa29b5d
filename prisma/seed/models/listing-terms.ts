import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
import type { LimitLink } from "@/lib/catalogue/limitation-link";
import { type DemoEvent, type DemoLimitation, type DemoSlice, isSure, says } from "./demo-model";
import { trainedOn, workshop } from "./workshop";

/** The slice of rows that the model answers with this class, at this confidence or above; says so itself. */
export function whereItSays(id: string, name: string, prediction: string, minConfidence?: number): DemoSlice {
  const atLeast = minConfidence === undefined ? "" : ` at confidence ${minConfidence} or more`;
  const condition = `The model answers “${prediction}”${atLeast}.`;
  return { id, name, condition, onOutput: says(prediction, minConfidence) };
}

/** The slice of rows that the model answers at this confidence or above, whatever it answers; says so itself. */
export function whereItIsSure(id: string, name: string, minConfidence: number): DemoSlice {
  const condition = `The model answers at confidence ${minConfidence} or more.`;
  return { id, name, condition, onOutput: isSure(minConfidence) };
}

/** The slice of rows that bear this flag; the condition says in plain words when a row does. */
export function whereMarked(id: string, name: string, flag: string, condition: string): DemoSlice {
  return { id, name, condition, onInput: (flags) => flags.has(flag) };
}

const limitationOf =
  (severity: SeverityName) =>
  (type: LimitationType, note: string, shownBy: LimitLink | null = null): DemoLimitation => ({
    ...{ type, severity, note, shownBy },
  });

export const severe = limitationOf("severe");
export const moderate = limitationOf("moderate");
export const minor = limitationOf("minor");

/** What the figure of a limitation counts: right answers in a slice of the model or over all rows. */
export const inSlice = (slice: string): LimitLink => ({ quantity: "accuracy", slice });
export const overAll: LimitLink = { quantity: "accuracy" };
/** Rows of a class that are found. */
export const recallOf = (label: string): LimitLink => ({ quantity: "recall", class: label });
/** Rows in the reached slices. */
export const coverage: LimitLink = { quantity: "coverage" };

/** When the rows came to be: an ISO date, or a span of two with a slash between them. */
export function collected(when: string, text: string, originator: string): DemoEvent {
  const [from = when, to] = when.split("/");
  return { kind: "data_collected", from, ...(to && { to }), text, originator };
}

/** That the committed file was trained, and on what. */
export function trained(text: string): DemoEvent {
  return { kind: "trained", from: trainedOn, text, originator: workshop };
}
