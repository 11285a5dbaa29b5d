"use server";

import { userAction } from "@/lib/accounts/user-action";
import { draftFormSchema, newDraftSchema } from "@/lib/catalogue/draft-form";
import * as commands from "../commands/work-on-draft";

export const startDraftFromCard = userAction(newDraftSchema, commands.startDraftFromCard);
export const workOnDraft = userAction(draftFormSchema, commands.workOnDraft);
