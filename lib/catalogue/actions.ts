"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as relating from "./commands/relate-files";
import * as watching from "./commands/watch-listing";
import { listingIdSchema } from "./schemas";
import { relateFilesInput } from "./file-relation";

export const watchListing = userAction(listingIdSchema, watching.watchListing);
export const unwatchListing = userAction(listingIdSchema, watching.unwatchListing);
export const relateFiles = userAction(relateFilesInput, relating.relateFiles);
