"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as payouts from "./commands/pay-out";
import * as schemas from "./schemas";

export const savePayoutDetails = userAction(schemas.payoutDetailsInput, payouts.savePayoutDetails, {
  isMoney: true,
});
export const confirmPayout = userAction(schemas.confirmPayoutInput, payouts.confirmPayout, { isMoney: true });
export const discardPayout = userAction(schemas.discardPayoutInput, payouts.discardPayout, { isMoney: true });
