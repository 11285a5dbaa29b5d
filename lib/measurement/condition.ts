import { canonicalJson } from "@/lib/shared/jcs";
import { toHex } from "@/lib/shared/encoding";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Condition, ConditionTest } from "@/lib/catalogue/condition";

export type { Condition, ConditionTest } from "@/lib/catalogue/condition";

/** What is known of a row beside its label: values by column, as compared (`comparedValue`), and the answer. */
export type CheckedRow = {
  columns?: { get: (column: string) => string | undefined };
  prediction: string;
  confidence?: number;
};

const ID_CHARACTERS = 32;
const MILLION = 1_000_000;

/** The form in which values of columns are compared: composed characters, no outer blanks, no capitals. */
export function comparedValue(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}

/** Confidences count to six digits, here and in the rows' digest. */
export function confidenceMillionths(confidence: number): number {
  return Math.round(confidence * MILLION);
}

/** The condition as a question about a row. A row without the column or the confidence that is asked for does not meet it. */
export function checkOf(condition: Condition): (row: CheckedRow) => boolean {
  const checks = condition.all.map(testOf);
  return (row) => checks.every((check) => check(row));
}

export function meetsCondition(condition: Condition, row: CheckedRow): boolean {
  return checkOf(condition)(row);
}

/** The tests on the input: rows that meet these are what a base rate is taken over. */
export function inputTests({ all }: Condition): ConditionTest[] {
  return all.filter(({ on }) => on === "input");
}

/** The columns that a condition asks for. */
export function columnsOf({ all }: Condition): string[] {
  return all.flatMap((test) => ("column" in test ? [test.column] : []));
}

/** The tests on the model's output: its answer, or a column that depends on it. */
export function outputTests({ all }: Condition): ConditionTest[] {
  return all.filter(({ on }) => on !== "input");
}

/**
 * Names a condition by its canonical form: the same whatever the order of its tests and answers and the capitals of its
 * values. The first 128 bits of its SHA-256, in hex.
 */
export function conditionId(condition: Condition): string {
  const tests = [...new Set(condition.all.map((test) => canonicalJson(canonicalTest(test))))].sort();
  return toHex(sha256(new TextEncoder().encode(`[${tests.join(",")}]`))).slice(0, ID_CHARACTERS);
}

/** "has_html, characters ≥ 80, says spam at confidence ≥ 0.8": what stands beside every figure of the slice. */
export function conditionWords(condition: Condition): string {
  const given = condition.all.filter((test) => !("confidenceAtLeast" in test || "confidenceBelow" in test));
  const says = given.filter((test) => "says" in test);
  const bars = condition.all.flatMap((test) =>
    "confidenceAtLeast" in test
      ? [`≥ ${test.confidenceAtLeast}`]
      : "confidenceBelow" in test
        ? [`< ${test.confidenceBelow}`]
        : [],
  );
  const answer = [
    ...(says.length > 0 || bars.length === 0 ? says.map(testWords) : ["answers"]),
    ...(bars.length > 0 ? [`at confidence ${bars.join(" and ")}`] : []),
  ].join(" ");
  const columns = given.filter((test) => !("says" in test)).map(testWords);
  return [...columns, ...(answer === "" ? [] : [answer])].join(", ");
}

function testWords(test: ConditionTest): string {
  if ("says" in test) return `says ${test.says.map((said) => (said === "" ? "nothing" : said)).join(" or ")}`;
  if (!("column" in test)) return "";
  if ("atLeast" in test) return `${test.column} ≥ ${test.atLeast}`;
  if ("below" in test) return `${test.column} < ${test.below}`;
  return comparedValue(test.is) === "true" ? test.column : `${test.column}: ${test.is}`;
}

function canonicalTest(test: ConditionTest): ConditionTest {
  if ("says" in test) return { ...test, says: [...new Set(test.says)].sort() };
  if ("is" in test) return { ...test, column: test.column.normalize("NFC"), is: comparedValue(test.is) };
  return "column" in test ? { ...test, column: test.column.normalize("NFC") } : test;
}

function testOf(test: ConditionTest): (row: CheckedRow) => boolean {
  if ("says" in test) {
    const said = new Set(test.says);
    return ({ prediction }) => said.has(prediction);
  }
  if ("confidenceAtLeast" in test) {
    const bar = confidenceMillionths(Number(test.confidenceAtLeast));
    return ({ confidence }) => confidence !== undefined && confidenceMillionths(confidence) >= bar;
  }
  if ("confidenceBelow" in test) {
    const bar = confidenceMillionths(Number(test.confidenceBelow));
    return ({ confidence }) => confidence !== undefined && confidenceMillionths(confidence) < bar;
  }
  const { column } = test;
  if ("is" in test) {
    const is = comparedValue(test.is);
    // A flag is written as 1 as well.
    return ({ columns }) => {
      const value = columns?.get(column);
      return value === is || (is === "true" && value === "1");
    };
  }
  const holds = "atLeast" in test ? atLeast(Number(test.atLeast)) : below(Number(test.below));
  return ({ columns }) => holds(readNumber(columns?.get(column)));
}

const atLeast = (bar: number) => (value: number) => value >= bar;
const below = (bar: number) => (value: number) => value < bar;

/** NaN, which no bar holds for, where there is no number. */
function readNumber(value: string | undefined): number {
  return value === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(value)
    ? Number.NaN
    : Number(value);
}
