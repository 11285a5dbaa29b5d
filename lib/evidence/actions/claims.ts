"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import { answerContributionInput, signClaimsInput } from "../claim-schemas";
import * as answering from "../commands/answer-contribution";
import * as signing from "../commands/sign-claims";

export const signClaims = userAction(signClaimsInput, signing.signClaims);
export const answerContribution = userAction(answerContributionInput, answering.answerContribution);
