import type { EvaluationPredicate } from "./predicates";
import { doesNotProve } from "./predicates";
import type { Statement } from "./statement";

/** A piece of a sentence: pages set `strong` in bold, shorten a `digest` with copy, give a `date` its exact title. */
export type SentencePart =
  | { kind: "text"; text: string }
  | { kind: "strong"; text: string }
  | { kind: "digest"; text: string }
  | { kind: "date"; text: string; iso: string };

export type Sentence = SentencePart[];

export type StatementSentences = {
  /** Who signed, what, when, about which files. */
  headline: Sentence;
  facts: Sentence[];
  /** Each completes "It does not show …". */
  doesNotShow: readonly string[];
};

/**
 * An evaluation statement in plain sentences, from what was signed alone; `signer` is the name of the account
 * whose key made the signature. All dates are in UTC.
 */
export function evaluationSentences(
  statement: Statement<EvaluationPredicate>,
  signer: string,
): StatementSentences {
  const { predicate } = statement;
  return {
    headline: headlineOf(statement, signer),
    facts: [overallFact(predicate), ...envelopeFacts(predicate), ...runFacts(predicate)],
    doesNotShow: doesNotProve[statement.predicateType] ?? [],
  };
}

/** The sentence as text alone, for alternatives and mails. */
export function sentenceText(sentence: Sentence): string {
  return sentence.map(({ text }) => text).join("");
}

function headlineOf({ predicate, subject }: Statement<EvaluationPredicate>, signer: string): Sentence {
  const { dataSet, evaluator, finishedAt } = predicate;
  const rows = [
    strong(`${whole(dataSet.n)} ${dataSet.n === 1 ? "row" : "rows"}`),
    text(" of "),
    strong(dataSet.name),
  ];
  const files = [text(" ("), digest(subject[0]?.digest.sha256 ?? ""), text(")")];
  const claim =
    evaluator.role === "seller"
      ? [
          text(": by the seller's own record, these exact files"),
          ...files,
          text(" gave the answers counted here on "),
        ]
      : [text(": these exact files"), ...files, text(" were run on ")];
  return [text("Signed by "), strong(signer), text(" on "), date(finishedAt), ...claim, ...rows, text(".")];
}

function overallFact({ overall }: EvaluationPredicate): Sentence {
  const { n, k, value, lower, upper, baseRate } = overall;
  if (value === null) return [text("There were no rows, so nothing was measured.")];
  const base =
    baseRate === null
      ? ""
      : ` Always giving the commonest label would be right in ${percent(baseRate)} of them.`;
  return [
    strong(`${whole(k)} of ${whole(n)}`),
    text(
      ` answers were right: ${percent(value)}, 95 % interval ${percent(lower)} to ${percent(upper)}.${base}`,
    ),
  ];
}

function envelopeFacts({ slices, method }: EvaluationPredicate): Sentence[] {
  if (slices.length === 0) return [[text("No slices were examined.")]];
  const count = (verdict: EvaluationPredicate["slices"][number]["verdict"]) =>
    slices.filter((slice) => slice.verdict === verdict).length;
  const many = slices.length === 1 ? "the 1 slice" : `the ${slices.length} slices`;
  const facts: Sentence[] = [
    [
      text(`Of ${many} examined at a level of ${percent(method.level)}, `),
      strong(`${count("filled")} reach it, ${count("fails")} miss it`),
      text(
        ` and ${count("not_enough_evidence")} cannot be decided; the tests are exact and adjusted for every slice examined.`,
      ),
    ],
  ];
  const discovered = slices.filter((slice) => slice.discovered).length;
  if (discovered > 0) {
    facts.push([
      text(
        `${discovered} of them ${discovered === 1 ? "was" : "were"} chosen by looking at these same rows.`,
      ),
    ]);
  }
  return facts;
}

function runFacts({ runtime, dataSet }: EvaluationPredicate): Sentence[] {
  const facts: Sentence[] = [[text("The rows have the digest "), digest(dataSet.rows.sha256), text(".")]];
  if (dataSet.observedFrom && dataSet.observedTo) {
    facts.push([
      text("They were observed from "),
      date(dataSet.observedFrom),
      text(" to "),
      date(dataSet.observedTo),
      text("."),
    ]);
  }
  if (dataSet.use === "discovery")
    facts.push([text("These rows were used to choose the niche, so they flatter it.")]);
  if (runtime) {
    const speed = runtime.millisecondsPerThousand;
    const pace = speed === null ? "" : `, ${speed} ms for 1,000 rows`;
    facts.push([
      text(`Run with ${runtime.name} ${runtime.version}, ${isolationText(runtime.isolation)}${pace}.`),
    ]);
  }
  return facts;
}

/** "78.8 %" from "0.788": one digit, cut rather than rounded up to a whole 100 %. */
function percent(share: string): string {
  const value = Number(share) * 100;
  if (value > 99.9 && value < 100) return "over 99.9 %";
  if (value > 0 && value < 0.1) return "under 0.1 %";
  return `${Number(value.toFixed(1))} %`;
}

function whole(count: number): string {
  return count.toLocaleString("en");
}

function text(part: string): SentencePart {
  return { kind: "text", text: part };
}

function strong(part: string): SentencePart {
  return { kind: "strong", text: part };
}

function digest(hex: string): SentencePart {
  return { kind: "digest", text: hex };
}

function date(iso: string): SentencePart {
  const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
    Date.parse(iso),
  );
  return { kind: "date", text: shown, iso };
}

/** How a run was kept apart, in words; a form of another installation stands as it is named. */
function isolationText(isolation: string): string {
  const words = new Map([
    ["user", "as a user of its own"],
    ["network", "without a network"],
    ["limits", "under limits of time and memory"],
    ["process", "in a process of its own"],
  ]);
  const said = isolation.split("+").map((part) => words.get(part));
  return said.every((part) => part !== undefined) ? said.join(", ") : `isolation: ${isolation}`;
}
