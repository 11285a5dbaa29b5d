"use server";

import { userAction } from "@/lib/accounts/user-action";
import { draftFormSchema } from "../draft-form";
import * as commands from "../commands/work-on-draft";

export const workOnDraft = userAction(draftFormSchema, commands.workOnDraft);
