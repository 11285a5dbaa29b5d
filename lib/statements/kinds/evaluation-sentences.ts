import type { EvaluationPredicate } from "./evaluation";
import { type Sentence, date, digest, percent, strong, text, whole } from "../sentence";
import type { Statement } from "../statement";

/**
 * Who ran which files on which rows, and when, from what was signed alone; `signer` is the name of the account whose
 * key made the signature. All dates are in UTC.
 */
export function evaluationHeadline(
  { predicate, subject }: Statement<EvaluationPredicate>,
  signer: string,
): Sentence {
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

/** What the run showed, and how it was made. */
export function evaluationFacts({ predicate }: Statement<EvaluationPredicate>): Sentence[] {
  return [
    overallFact(predicate),
    ...envelopeFacts(predicate),
    ...relationFacts(predicate),
    ...runFacts(predicate),
  ];
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
      strong(`${counted(count("filled"), "reach")} it, ${counted(count("fails"), "miss")} it`),
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

/** "1 misses", "3 miss". */
function counted(slices: number, verb: "reach" | "miss"): string {
  return `${slices} ${verb}${slices === 1 ? "es" : ""}`;
}

const relations: Record<NonNullable<EvaluationPredicate["evaluator"]["relation"]>, string> = {
  first_party: "The evaluator made or sells the model.",
  third_party: "The evaluator neither made nor sells the model.",
  collaborative: "The evaluator worked together with who made or sells the model.",
  other: "How the evaluator stands to who made or sells the model is none of the usual relations.",
};

function relationFacts({ evaluator: { relation } }: EvaluationPredicate): Sentence[] {
  return relation === undefined ? [] : [[text(relations[relation])]];
}

function runFacts({ runtime, dataSet, harness }: EvaluationPredicate): Sentence[] {
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
  if (harness) {
    const program = text(`Made with ${harness.name} ${harness.version}`);
    facts.push(
      harness.sha256 === null
        ? [program, text("; the digest of that program is not known.")]
        : [program, text(", a program with the digest "), digest(harness.sha256), text(".")],
    );
  }
  return facts;
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
