"use server";

import { withClient } from "@/lib/accounts/session/browser";
import { userAction } from "@/lib/accounts/session/user-action";
import * as payouts from "./commands/pay-out";
import * as details from "./commands/payout-details";
import * as statements from "./commands/statements";
import * as schemas from "./schemas";

const money = { isMoney: true };

export const savePayoutDetails = userAction(
  schemas.payoutDetailsInput,
  withClient(details.savePayoutDetails),
  money,
);
export const cancelPayoutDetails = userAction(schemas.nothingInput, details.cancelPayoutDetails, money);
export const confirmPayout = userAction(schemas.confirmPayoutInput, payouts.confirmPayout, money);
export const returnTransfer = userAction(schemas.returnTransferInput, payouts.returnTransfer, money);
export const discardPayout = userAction(schemas.discardPayoutInput, payouts.discardPayout, money);
export const uploadStatement = userAction(schemas.uploadStatementInput, statements.uploadStatement);
export const mapStatement = userAction(schemas.mapStatementInput, statements.mapStatement, {
  multiple: ["roles", "words", "meanings"],
});
export const discardStatement = userAction(schemas.draftInput, statements.discardStatement);
