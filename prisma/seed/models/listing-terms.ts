import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
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

const limitationOf = (severity: SeverityName) => (type: LimitationType, note: string) =>
  ({ type, severity, note }) satisfies DemoLimitation;

export const severe = limitationOf("severe");
export const moderate = limitationOf("moderate");
export const minor = limitationOf("minor");

/** When the rows came to be: an ISO date, or a span of two with a slash between them. */
export function collected(when: string, text: string, originator: string): DemoEvent {
  const [from = when, to] = when.split("/");
  return { kind: "data_collected", from, ...(to && { to }), text, originator };
}

/** That the committed file was trained, and on what. */
export function trained(text: string): DemoEvent {
  return { kind: "trained", from: trainedOn, text, originator: workshop };
}
