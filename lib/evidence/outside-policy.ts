import { refuseUnless } from "@/lib/shared/domain-error";
import { answerKind } from "@/lib/statements/kinds/answer";
import { contributionKind } from "@/lib/statements/kinds/contribution";
import { dataOriginKind } from "@/lib/statements/kinds/data-origin";
import { type EvaluationPredicate, evaluationKind } from "@/lib/statements/kinds/evaluation";
import { limitationKind } from "@/lib/statements/kinds/limitation";
import { modelSigningKind } from "@/lib/statements/kinds/model-signing";
import { nicheClaimKind } from "@/lib/statements/kinds/niche-claim";
import { revocationKind } from "@/lib/statements/kinds/revocation";
import { slsaProvenanceKind } from "@/lib/statements/kinds/slsa-provenance";
import { svrKind } from "@/lib/statements/kinds/svr";
import { usageKind } from "@/lib/statements/kinds/usage";
import type { Statement } from "@/lib/statements/statement";

/** An envelope from outside has at most so many bytes, before anything of it is read. */
export const MAX_HANDED_IN_BYTES = 64 * 1024;

/** Kinds that an account may hand in by itself. Steps of deals are made in the deal, and the platform's by the platform. */
export const kindsFromOutside = [
  evaluationKind,
  usageKind,
  nicheClaimKind,
  contributionKind,
  dataOriginKind,
  limitationKind,
  answerKind,
  revocationKind,
  slsaProvenanceKind,
  modelSigningKind,
  svrKind,
] as const;

/** Who hands something in: the account of the key that signed it. */
export type OutsideSigner = { isActive: boolean; isVerified: boolean; isEvaluator: boolean };

/**
 * Refuses what may not come from outside: kinds that are made elsewhere (`predicate_not_accepted`), accounts that are
 * suspended or have not confirmed their address (`account_may_not`), and a grade that the signer has no right to
 * (`grade_refused`): whoever brings figures is the seller, or an evaluator by role, and either's are their word alone,
 * because an envelope holds no inputs on which the files could be run again.
 */
export function requireAcceptedFromOutside(statement: Statement, signer: OutsideSigner): void {
  refuseUnless(signer.isActive, "account_may_not", "The account of this key is suspended.");
  refuseUnless(
    signer.isVerified,
    "account_may_not",
    "The account of this key has not confirmed its address.",
  );
  const isAccepted = kindsFromOutside.some(({ predicateType }) => predicateType === statement.predicateType);
  refuseUnless(isAccepted, "predicate_not_accepted", "Statements of this kind are not taken from outside.");
  if (statement.predicateType === evaluationKind.predicateType) requireOwnGrade(statement, signer);
}

function requireOwnGrade(statement: Statement, { isEvaluator }: OutsideSigner): void {
  const { evaluator, grade, binding } = statement.predicate as EvaluationPredicate;
  refuseUnless(
    evaluator.role === "seller" || (evaluator.role === "third_party" && isEvaluator),
    "grade_refused",
    "An account hands in its own figures: as the seller, or in the role third_party where it is an evaluator.",
  );
  refuseUnless(
    grade === "seller_signed" && binding.kind === "answers_only",
    "grade_refused",
    "Figures that are handed in are their speaker's word: grade seller_signed, binding answers_only. For more, bring the " +
      "rows with their inputs on the listing's page “Bring an independent evaluation”, where the files are run on them again.",
  );
}
