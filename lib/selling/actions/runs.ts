"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as ending from "../commands/end-run";
import * as publishing from "../commands/publish-run";
import { runIdInput } from "../schemas";

export const cancelRun = userAction(runIdInput, ending.cancelRun);
export const publishRun = userAction(runIdInput, publishing.publishRun);
