import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
import type { LimitLink } from "@/lib/catalogue/limitation-link";
import type { ConditionTest } from "@/lib/measurement/condition";
import type { DemoEvent, DemoLimitation, DemoSlice } from "./demo-model";
import { trainedOn, workshop } from "./workshop";

/** The rows that pass every one of these tests, under the name their seller gives them. */
export function slice(name: string, ...all: ConditionTest[]): DemoSlice {
  return { name, condition: { all } };
}

/** Rows for which this holds of the input: a column of the listing. */
export function given(column: string): ConditionTest {
  return { on: "input", column, is: "true" };
}

/** Rows whose field or kept column is this. */
export function fieldIs(column: string, is: string): ConditionTest {
  return { on: "input", column, is };
}

/** Rows of which a number holds: a field, or what follows from any input (`lib/measurement/input-columns.ts`). */
export function atLeast(column: string, atLeast: string): ConditionTest {
  return { on: "input", column, atLeast };
}

export function below(column: string, below: string): ConditionTest {
  return { on: "input", column, below };
}

/** Rows whose letters are mostly of this script, by its Unicode name. */
export function inScript(script: string): ConditionTest {
  return { on: "input", column: "input_script", is: script };
}

/** Rows that the model answers with one of these classes. */
export function says(...answers: string[]): ConditionTest {
  return { on: "answer", says: answers };
}

export function atConfidence(confidenceAtLeast: string): ConditionTest {
  return { on: "answer", confidenceAtLeast };
}

export function belowConfidence(confidenceBelow: string): ConditionTest {
  return { on: "answer", confidenceBelow };
}

const limitationOf =
  (severity: SeverityName) =>
  (type: LimitationType, note: string, shownBy: LimitLink | null = null): DemoLimitation => ({
    ...{ type, severity, note, shownBy },
  });

export const severe = limitationOf("severe");
export const moderate = limitationOf("moderate");
export const minor = limitationOf("minor");

/** What the figure of a limitation counts: right answers in a slice, by what its seller calls it, or over all rows. */
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
