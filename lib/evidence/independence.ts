import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";

/** Who is bound up with a model, as far as it is known here. */
export type ModelTies = {
  /** Who sells it or shares now in the proceeds of a listing of its seller's. */
  beneficiaryIds: ReadonlySet<string>;
  /** Accounts whose keys this installation holds. */
  heldAccountIds: ReadonlySet<string>;
  /** This installation trained it: a model of its demo. */
  isTrainedHere: boolean;
};

/**
 * Whether a party is independent of a model: an account that takes no share of its seller's listings and has no key held by
 * this installation; the platform (null) where it neither trained the model nor holds a key of anybody who sells it.
 */
export function isIndependent(evaluatorId: string | null, ties: ModelTies): boolean {
  const { beneficiaryIds, heldAccountIds, isTrainedHere } = ties;
  if (evaluatorId !== null) return !beneficiaryIds.has(evaluatorId) && !heldAccountIds.has(evaluatorId);
  return !isTrainedHere && ![...beneficiaryIds].some((id) => heldAccountIds.has(id));
}

type Evaluator = EvaluationPredicate["evaluator"];

/** The relation of an evaluator to who made or sells the model, as it is signed. */
export function relationOf(
  role: Evaluator["role"],
  evaluatorId: string | null,
  ties: ModelTies,
): Evaluator["relation"] {
  if (role === "seller") return "first_party";
  return isIndependent(evaluatorId, ties) ? "third_party" : "collaborative";
}
