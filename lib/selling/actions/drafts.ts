"use server";

import { userAction } from "@/lib/accounts/user-action";
import * as status from "@/lib/catalogue/commands/change-status";
import * as files from "../commands/draft-files";
import * as revision from "../commands/draft-from-listing";
import * as drafts from "../commands/edit-draft";
import { assignFileSchema, draftFileIdSchema, draftIdSchema, listingIdSchema } from "../schemas";

export const discardDraft = userAction(draftIdSchema, drafts.discardDraft);
export const restoreDraft = userAction(draftIdSchema, drafts.restoreDraft);
export const detachFile = userAction(draftFileIdSchema, files.detachFile);
export const assignFile = userAction(assignFileSchema, files.assignFile);
export const reviseListing = userAction(listingIdSchema, revision.draftFromListing);
export const pauseListing = userAction(listingIdSchema, status.pauseListing);
export const reopenListing = userAction(listingIdSchema, status.reopenListing);
export const retireListing = userAction(listingIdSchema, status.retireListing);
