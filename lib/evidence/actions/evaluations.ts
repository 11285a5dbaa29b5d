"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as answering from "../commands/reply-to-evaluation";
import * as withdrawing from "../commands/withdraw-evaluation";
import { replyToEvaluationInput, withdrawEvaluationInput } from "../schemas";

export const replyToEvaluation = userAction(replyToEvaluationInput, answering.replyToEvaluation);
export const withdrawEvaluation = userAction(withdrawEvaluationInput, withdrawing.withdrawEvaluation);
