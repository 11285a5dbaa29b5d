"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import { evaluationIdInput, signEvaluationInput } from "@/lib/evidence/schemas";
import * as adding from "../commands/add-evaluation";
import * as judging from "../commands/judge-predictions";
import * as removing from "../commands/remove-import";
import * as signing from "../commands/sign-evaluation";
import * as submitting from "../commands/submit-evaluation";
import { importIdInput, judgePredictionsInput, submitEvaluationInput } from "../schemas";

export const signEvaluation = userAction(signEvaluationInput, signing.signEvaluation);
export const removeEvaluation = userAction(evaluationIdInput, adding.removeEvaluation);
export const submitEvaluation = userAction(submitEvaluationInput, submitting.submitEvaluation);
export const judgePredictions = userAction(judgePredictionsInput, judging.judgePredictions, {
  multiple: ["predictions"],
});
export const removeImport = userAction(importIdInput, removing.removeImport);
