import { type EvidenceGradeName, gradeLabels } from "@/lib/catalogue/standing";
import type { EvaluationPredicate } from "./kinds/evaluation";

/** What the grade of one run follows from. */
export type GradeFacts = {
  role: EvaluationPredicate["evaluator"]["role"];
  relation: EvaluationPredicate["evaluator"]["relation"];
  binding: { kind: EvaluationPredicate["binding"]["kind"] };
  about: EvaluationPredicate["about"];
};

/** The grades that one run can have by itself. */
export type RunGrade = Extract<EvidenceGradeName, "seller_signed" | "third_party" | "platform_measured">;

/**
 * The one rule of grades. A run is worth more than its speaker's word only where the answers are tied to what was run: the
 * platform's own run of files is `platform_measured`, a bound run by an evaluator or platform who is independent is
 * `third_party`, and everything else is `seller_signed`, whoever signs. What may change at any time is never more than
 * `third_party`.
 */
export function gradeOfRun({ role, relation, binding, about }: GradeFacts): RunGrade {
  if (binding.kind === "answers_only") return "seller_signed";
  if (role === "platform" && about === "files") return "platform_measured";
  return role !== "seller" && relation === "third_party" ? "third_party" : "seller_signed";
}

export const SPEAKERS_WORD = "The speaker’s word: the answers were not tied to the files";

/** Who stands behind a run, in words: the grade, and where it is the weakest one, why. */
export function gradeWords(
  grade: EvidenceGradeName,
  { role, binding }: Pick<GradeFacts, "role" | "binding">,
): string {
  if (grade !== "seller_signed") return gradeLabels[grade];
  if (binding.kind === "answers_only") return SPEAKERS_WORD;
  if (role === "platform") return "Asked here by the platform, which is not independent of the seller";
  if (role !== "seller") return "Run here by an evaluator who is not independent of the seller";
  return binding.kind === "reran_here"
    ? "Signed by the seller, answers re-run here"
    : "Signed by the seller, run here";
}
