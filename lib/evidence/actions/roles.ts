"use server";

import { changeRoleInput } from "@/lib/accounts/schemas";
import { userAction } from "@/lib/accounts/session/user-action";
import * as changing from "../commands/change-role";

export const grantRole = userAction(changeRoleInput, changing.grantRole);
export const revokeRole = userAction(changeRoleInput, changing.revokeRole);
