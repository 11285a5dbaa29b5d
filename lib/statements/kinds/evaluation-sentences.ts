import { clusterSourceWords } from "@/lib/measurement/clusters";
import type { z } from "zod";
import type { runtimeSchema } from "./binding";
import type { EvaluationPredicate } from "./evaluation";
import { rowsWords } from "./run-attempt";
import { type Sentence, counted, date, digest, percent, sentence, strong, whole } from "../sentence";
import type { Statement } from "../statement";

const subjects: Record<EvaluationPredicate["about"], string> = {
  files: "the files",
  endpoint: "an endpoint that may change at any time",
  listing: "a listing without files",
};

/** Who says what of which files, from what was signed alone; it follows who signed, and when. */
export function evaluationHeadline({ predicate, subject }: Statement<EvaluationPredicate>): Sentence {
  const { about, binding, dataSet } = predicate;
  const rows = [strong(counted(dataSet.n, "row")), " of ", strong(dataSet.name)] as const;
  const sha256 = digest(subject[0]?.digest.sha256 ?? "");
  if (binding.kind === "asked_here")
    return sentence(": ", subjects.endpoint, " (", sha256, ") was asked, and answered ", ...rows, ".");
  if (about !== "files" || binding.kind === "answers_only") {
    const named = [` about ${subjects[about]} (`, sha256, "): answers to "] as const;
    return sentence(": the speaker's word", ...named, ...rows, ", which were not tied to the files.");
  }
  if (binding.kind === "ran_here")
    return sentence(": these exact files (", sha256, ") were run on ", ...rows, ".");
  return sentence(
    ": answers to ",
    ...rows,
    binding.flips === 0
      ? ", which came out the same when these exact files ("
      : `, all but ${whole(binding.flips)} of which came out the same when these exact files (`,
    sha256,
    ") were run on the same inputs again.",
  );
}

/** What the run showed, and how it was made. */
export function evaluationFacts({ predicate }: Statement<EvaluationPredicate>): Sentence[] {
  return [
    overallFact(predicate),
    ...askedFacts(predicate),
    ...clusterFacts(predicate),
    ...envelopeFacts(predicate),
    bindingFact(predicate),
    sentence(relations[predicate.evaluator.relation]),
    ...runFacts(predicate),
  ];
}

function overallFact({ overall }: EvaluationPredicate): Sentence {
  const { n, k, value, lower, upper, interval, baseRate } = overall;
  if (value === null) return sentence("There were no rows, so nothing was measured.");
  const base =
    baseRate === null
      ? ""
      : ` Always giving the commonest label would be right in ${percent(baseRate)} of them.`;
  return sentence(
    strong(`${whole(k)} of ${whole(n)}`),
    ` answers were right: ${percent(value)}, 95 % interval ${percent(lower)} to ${percent(upper)}${intervalWords[interval]}.${base}`,
  );
}

/** Of a run that was asked for: what bounds its figure, and that it was logged before. */
function askedFacts({ run, overall: { n, k } }: EvaluationPredicate): Sentence[] {
  if (!run) return [];
  const share = (right: number) => percent((right / n).toFixed(6));
  const licence = run.licence === undefined ? "" : ` under ${run.licence}`;
  return [
    ...(run.notRun > 0
      ? [
          sentence(
            strong(`${counted(run.notRun, "row")} could not be run`),
            ` and count as wrong: were they all right it would be ${share(k + run.notRun)} instead of ${share(k)}.`,
          ),
        ]
      : []),
    ...(run.leftOut > 0
      ? [sentence(`${counted(run.leftOut, "row")} that the seller had before were left out.`)]
      : []),
    sentence(
      `Asked for ${rowsWords[run.rowsFrom]}${licence}, and stated before its first row was run in `,
      digest(run.attempt),
      ".",
    ),
    sentence("Run by the contract ", digest(run.runContract.sha256), `. ${machineText(run.machine)}`),
  ];
}

/** Behind an interval: how it came about, where it is not Wilson's of independent rows. */
const intervalWords = {
  wilson_95: "",
  clustered_bootstrap_95: " by drawing whole clusters",
  wilson_95_of_clusters: " by the number of clusters",
} as const satisfies Record<EvaluationPredicate["overall"]["interval"], string>;

function clusterFacts({ clusters, overall }: EvaluationPredicate): Sentence[] {
  if (!clusters || !overall.clusters) return [];
  const shared = clusters.from.map((source) => clusterSourceWords[source]).join(" or ");
  return [
    sentence(
      "The rows are ",
      strong(counted(clusters.n, "cluster")),
      `: rows that share ${shared} are not independent. Each test is twice the median over ${whole(clusters.draws)} draws of one row from each.`,
    ),
  ];
}

function envelopeFacts({ slices, method }: EvaluationPredicate): Sentence[] {
  if (slices.length === 0) return [sentence("No slices were examined.")];
  const count = (verdict: EvaluationPredicate["slices"][number]["verdict"]) =>
    slices.filter((slice) => slice.verdict === verdict).length;
  const many = slices.length === 1 ? "the 1 slice" : `the ${slices.length} slices`;
  const discovered = slices.filter((slice) => slice.discovered).length;
  const known = slices.filter((slice) => slice.knownBefore).length;
  const were = `${discovered} of them ${discovered === 1 ? "was" : "were"} chosen by looking at these same rows.`;
  const stood = `By the evaluator's word ${known} of them stood before anybody looked at these rows.`;
  return [
    sentence(
      `Of ${many} examined at a level of ${percent(method.level)}, `,
      strong(`${verbOf(count("filled"), "reach")} it, ${verbOf(count("fails"), "miss")} it`),
      ` and ${count("not_enough_evidence")} cannot be decided; the tests are exact and adjusted for every slice examined.`,
    ),
    ...(discovered > 0 ? [sentence(were)] : []),
    ...(known > 0 ? [sentence(stood)] : []),
  ];
}

/** "1 misses", "3 miss". */
function verbOf(slices: number, verb: "reach" | "miss"): string {
  return `${slices} ${verb}${slices === 1 ? "es" : ""}`;
}

function bindingFact({ binding, evaluator: { role } }: EvaluationPredicate): Sentence {
  if (binding.kind === "answers_only")
    return sentence(
      "What was signed is the speaker's word: the answers were not tied to the files. ",
      binding.reason,
    );
  const rows = role === "seller" ? "; the rows are the seller's own" : "";
  if (binding.kind === "ran_here")
    return sentence(
      `The installation that recorded this ran the files itself${rows}`,
      ...(binding.contract ? [", by the run contract ", digest(binding.contract)] : []),
      ".",
    );
  if (binding.kind === "asked_here")
    return sentence(
      `The installation that recorded this asked the endpoint itself${rows}, by the run contract `,
      digest(binding.contract),
      ". What is served may be another model by now.",
    );
  const { runtime, tolerance, file, flips, flipsPerThousand } = binding;
  const flipped =
    flips === 0
      ? "none differs"
      : `${whole(flips)} came out otherwise, of ${flipsPerThousand} in a thousand that its run contract allows`;
  return sentence(
    `The answers were re-run on ${counted(binding.rows, "row")} with the files of the digest `,
    digest(file),
    `: ${flipped}, and no confidence differs by more than ${tolerance}${rows}. ${machineText(runtime)}`,
  );
}

/** What a run's digits may depend on, in a sentence. */
function machineText(runtime: z.infer<typeof runtimeSchema>): string {
  const { name, version, architecture, cpuFeatures, libc, node, threads, rowsPerCall, tokenizer } = runtime;
  const features = cpuFeatures === "" ? "" : ` (${cpuFeatures})`;
  const tokens = tokenizer === undefined ? "" : `, tokens by ${tokenizer}`;
  return (
    `Run with ${name} ${version} on ${architecture}${features}, libc ${libc}, Node ${node}, ` +
    `${counted(threads, "thread")}, ${rowsPerCall} rows at a time${tokens}, ${isolationText(runtime.isolation)}.`
  );
}

const relations: Record<EvaluationPredicate["evaluator"]["relation"], string> = {
  first_party: "The evaluator made or sells the model.",
  third_party: "The evaluator neither made nor sells the model.",
  collaborative: "The evaluator is not independent of who made or sells the model.",
  other: "How the evaluator stands to who made or sells the model is none of the usual relations.",
};

function runFacts({ runtime, dataSet, harness }: EvaluationPredicate): Sentence[] {
  const { rows, observedFrom, observedTo, use } = dataSet;
  const facts = [sentence("The rows have the digest ", digest(rows.sha256), ".")];
  if (observedFrom && observedTo)
    facts.push(sentence("They were observed from ", date(observedFrom), " to ", date(observedTo), "."));
  if (use === "discovery")
    facts.push(sentence("These rows were used to choose the niche, so they flatter it."));
  if (runtime) {
    const { name, version, isolation, millisecondsPerThousand: speed } = runtime;
    const pace = speed === null ? "" : `, ${speed} ms for 1,000 rows`;
    facts.push(sentence(`Run with ${name} ${version}, ${isolationText(isolation)}${pace}.`));
  }
  if (harness) {
    const program = `Made with ${harness.name} ${harness.version}`;
    facts.push(
      harness.sha256 === null
        ? sentence(program, "; the digest of that program is not known.")
        : sentence(program, ", a program with the digest ", digest(harness.sha256), "."),
    );
  }
  return facts;
}

/** How a run was kept apart, in words; a form of another installation stands as it is named. */
function isolationText(isolation: string): string {
  const words = new Map([
    ["own-files", "seeing its own files alone"],
    ["user", "as a user of its own"],
    ["network", "without a network"],
    ["limits", "under limits of time and memory"],
    ["process", "in a process of its own"],
    ["served_by_its_seller", "served by its seller"],
  ]);
  const said = isolation.split("+").map((part) => words.get(part));
  return said.every((part) => part !== undefined) ? said.join(", ") : `isolation: ${isolation}`;
}
