"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import { takeStanceInput, signClaimsInput } from "../claim-schemas";
import * as answering from "../commands/take-stance";
import * as signing from "../commands/sign-claims";

export const signClaims = userAction(signClaimsInput, signing.signClaims);
export const takeStance = userAction(takeStanceInput, answering.takeStance);
