"use server";

import { withClient } from "@/lib/accounts/session/browser";
import { publicAction } from "@/lib/accounts/session/user-action";
import * as trying from "../commands/show-trial";
import { trialInput } from "../schemas";

export const tryListing = publicAction(trialInput, withClient(trying.tryListing));
