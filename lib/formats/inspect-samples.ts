import { textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { sameValue } from "@/lib/measurement/canonical-value";
import { addTrap } from "./figure";
import type { Trap } from "./foreign-draft";
import { type JudgedRow, scalarFields } from "./judged-rows";

/** Samples of an Inspect log, judged by one of their scores. */
export type JudgedSamples = { judged: JudgedRow[]; scorer: string };

/** Names of the part of a score that says whether an answer is right. */
const RIGHTNESS = /^(correct|correctness|is_correct|accuracy|acc|right|score|match)$/i;

/**
 * Judges samples by the first of their scores that says right or wrong of every one. A sample that failed or was never
 * scored counts as wrong. Null where no score does, with the trap that says so.
 */
export function judgeSamples(samples: readonly unknown[], traps: Trap[]): JudgedSamples | null {
  noteChanges(samples, traps);
  const measures = measuresOf(samples);
  if (measures.length === 0) return null;
  const chosen = measures.find(({ valueOf }) =>
    samples.every((sample) => verdictOf(valueOf(sample)) !== "partly"),
  );
  if (!chosen) {
    const [first] = measures;
    const partly = samples.filter((sample) => verdictOf(first?.valueOf(sample)) === "partly").length;
    const message = `${partly} samples are neither right nor wrong, so no rows were taken.`;
    addTrap(traps, "not_right_or_wrong", message);
    return null;
  }
  if (measures.length > 1) {
    const names = measures.slice(0, 5).map(({ name }) => name);
    const message = `Samples have several scores (${names.join(", ")}); rows follow "${chosen.name}".`;
    addTrap(traps, "several_filters", message.slice(0, 500));
  }
  const unscored = samples.filter((sample) => verdictOf(chosen.valueOf(sample)) === "unscored").length;
  if (unscored > 0) {
    const count = unscored === 1 ? "1 sample has" : `${unscored} samples have`;
    addTrap(traps, "dropped_rows", `${count} no score by ${chosen.name}; here that counts as wrong.`);
  }
  return { judged: samples.map((sample, position) => judge(sample, chosen, position)), scorer: chosen.name };
}

type Measure = { name: string; scorer: string; valueOf: (sample: unknown) => unknown };

/** Every score that samples carry; one that is a dictionary is as many as it has members. */
function measuresOf(samples: readonly unknown[]): Measure[] {
  const measures = new Map<string, Measure>();
  for (const sample of samples) {
    for (const [scorer, score] of Object.entries(scoresOf(sample)).slice(0, 20)) {
      const value = isObject(score) ? score["value"] : undefined;
      const parts = isObject(value) ? Object.keys(value).slice(0, 50) : [null];
      for (const part of parts) addMeasure(measures, scorer, part);
    }
  }
  return [...measures.values()].sort((a, b) => rank(a) - rank(b));
}

function addMeasure(measures: Map<string, Measure>, scorer: string, part: string | null): void {
  const key = JSON.stringify([scorer, part]);
  if (measures.has(key) || measures.size >= 100) return;
  const valueOf = (sample: unknown) => {
    const score = scoresOf(sample)[scorer];
    const value = isObject(score) ? score["value"] : undefined;
    return part === null ? value : isObject(value) ? value[part] : undefined;
  };
  measures.set(key, { name: part ?? scorer, scorer, valueOf });
}

/** Parts of a dictionary that are named for rightness come before its others. */
function rank({ name, scorer }: Measure): number {
  return name === scorer || RIGHTNESS.test(name) ? 0 : 1;
}

function judge(sample: unknown, { scorer, valueOf }: Measure, position: number): JudgedRow {
  const record = isObject(sample) ? sample : {};
  const score = scoresOf(sample)[scorer];
  const id = textOf(record["id"]) ?? `#${position}`;
  const prediction = (isObject(score) ? textOf(score["answer"]) : null) ?? "";
  return {
    id: `${id} ${textOf(record["epoch"]) ?? "1"}`,
    cluster: id,
    ...(typeof record["input"] === "string" ? { text: record["input"] } : {}),
    target: targetOf(record, prediction),
    prediction,
    isRight: verdictOf(valueOf(sample)) === "right",
    fields: scalarFields(record["metadata"]),
  };
}

/** Of several targets the one that was given; choices that have to be picked together stay together. */
function targetOf({ target, choices }: Record<string, unknown>, prediction: string): string {
  if (!Array.isArray(target)) return textOf(target) ?? "";
  const texts = target.map((part) => textOf(part) ?? "");
  const given = texts.find((text) => sameValue(text, prediction));
  return given ?? (Array.isArray(choices) ? texts.join(", ") : (texts[0] ?? ""));
}

type Verdict = "right" | "wrong" | "unscored" | "partly";

/** As the program itself turns values into numbers; not a number is how it writes "not scored". */
function verdictOf(value: unknown): Verdict {
  if (value === undefined || value === null) return "unscored";
  if (typeof value === "boolean") return value ? "right" : "wrong";
  if (typeof value !== "number" && typeof value !== "string") return "partly";
  const text = String(value).trim();
  if (/^-?nan$/i.test(text)) return "unscored";
  if (text === "C" || /^(yes|true)$/i.test(text) || sameValue(text, "1")) return "right";
  if (text === "I" || text === "N" || /^(no|false)$/i.test(text) || sameValue(text, "0")) return "wrong";
  return "partly";
}

/** Scores that somebody changed after the run, and samples that somebody withdrew. */
function noteChanges(samples: readonly unknown[], traps: Trap[]): void {
  const edits = samples.flatMap((sample) => {
    const scores = Object.values(scoresOf(sample));
    const histories = scores.map((score) => (isObject(score) ? score["history"] : undefined));
    const edit = histories.flatMap((history) =>
      Array.isArray(history) && history.length > 1 ? history : [],
    );
    return edit.length > 0 ? [edit.findLast((one) => isObject(one) && isObject(one["provenance"]))] : [];
  });
  if (edits.length > 0) {
    const who = provenanceText(isObject(edits[0]) ? edits[0]["provenance"] : undefined);
    const message = `The scores of ${edits.length} of ${samples.length} samples were changed by hand${who}.`;
    addTrap(traps, "changed_by_hand", message);
  }
  const withdrawn = samples.flatMap((sample) =>
    isObject(sample) && isObject(sample["invalidation"]) ? [sample["invalidation"]] : [],
  );
  if (withdrawn.length > 0) {
    const who = provenanceText(withdrawn[0]);
    addTrap(traps, "withdrawn", `${withdrawn.length} of ${samples.length} samples were withdrawn${who}.`);
  }
}

function provenanceText(provenance: unknown): string {
  if (!isObject(provenance)) return "";
  const parts = ["author", "reason", "timestamp"].map((key) => textOf(provenance[key])?.slice(0, 200));
  const said = parts.filter(Boolean).join(", ");
  return said === "" ? "" : ` (${said})`;
}

function scoresOf(sample: unknown): Record<string, unknown> {
  return isObject(sample) && isObject(sample["scores"]) ? sample["scores"] : {};
}
