"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as answering from "../commands/answer-evaluation";
import * as withdrawing from "../commands/withdraw-evaluation";
import { answerEvaluationInput, withdrawEvaluationInput } from "../schemas";

export const answerEvaluation = userAction(answerEvaluationInput, answering.answerEvaluation);
export const withdrawEvaluation = userAction(withdrawEvaluationInput, withdrawing.withdrawEvaluation);
