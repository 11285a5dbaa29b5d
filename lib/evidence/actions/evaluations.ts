"use server";

import { userAction } from "@/lib/accounts/user-action";
import * as adding from "@/lib/selling/commands/add-evaluation";
import * as answering from "../commands/answer-evaluation";
import * as judging from "@/lib/selling/commands/judge-answers";
import * as removing from "@/lib/selling/commands/remove-import";
import * as signing from "../commands/sign-evaluation";
import * as withdrawing from "../commands/withdraw-evaluation";
import {
  answerEvaluationInput,
  evaluationIdInput,
  importIdInput,
  judgeAnswersInput,
  signEvaluationInput,
  submitEvaluationInput,
  withdrawEvaluationInput,
} from "../schemas";

export const signEvaluation = userAction(signEvaluationInput, signing.signEvaluation);
export const removeEvaluation = userAction(evaluationIdInput, adding.removeEvaluation);
export const submitEvaluation = userAction(submitEvaluationInput, adding.submitEvaluation);
export const answerEvaluation = userAction(answerEvaluationInput, answering.answerEvaluation);
export const withdrawEvaluation = userAction(withdrawEvaluationInput, withdrawing.withdrawEvaluation);
export const judgeAnswers = userAction(judgeAnswersInput, judging.judgeAnswers, ["answers"]);
export const removeImport = userAction(importIdInput, removing.removeImport);
