"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as status from "@/lib/catalogue/commands/change-status";
import * as files from "../commands/draft-files";
import * as revision from "../commands/draft-from-listing";
import * as editor from "../commands/work-on-draft";
import * as drafts from "../commands/edit-draft";
import * as runs from "../commands/draft-run";
import { draftFormSchema } from "../draft-form";
import { assignFileSchema, draftFileIdSchema, draftIdSchema, dryRunInput, writeRunInput } from "../schemas";
import { listingIdSchema } from "@/lib/catalogue/schemas";

export const workOnDraft = userAction(draftFormSchema, editor.workOnDraft);
export const discardDraft = userAction(draftIdSchema, drafts.discardDraft);
export const restoreDraft = userAction(draftIdSchema, drafts.restoreDraft);
export const detachFile = userAction(draftFileIdSchema, files.detachFile);
export const assignFile = userAction(assignFileSchema, files.assignFile);
export const draftRun = userAction(draftIdSchema, runs.draftRun);
export const writeRun = userAction(writeRunInput, runs.writeRun);
export const dryRunDraft = userAction(dryRunInput, runs.dryRunDraft, { multiple: ["files"] });
export const reviseListing = userAction(listingIdSchema, revision.draftFromListing);
export const pauseListing = userAction(listingIdSchema, status.pauseListing);
export const reopenListing = userAction(listingIdSchema, status.reopenListing);
export const retireListing = userAction(listingIdSchema, status.retireListing);
