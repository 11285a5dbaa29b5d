"use server";

import { withClient } from "@/lib/accounts/session/browser";
import { userAction } from "@/lib/accounts/session/user-action";
import * as payouts from "./commands/pay-out";
import * as details from "./commands/payout-details";
import * as statements from "./commands/statements";
import * as schemas from "./schemas";

export const savePayoutDetails = userAction(
  schemas.payoutDetailsInput,
  withClient(details.savePayoutDetails),
);
export const cancelPayoutDetails = userAction(schemas.nothingInput, details.cancelPayoutDetails);
export const confirmPayout = userAction(schemas.confirmPayoutInput, payouts.confirmPayout);
export const returnTransfer = userAction(schemas.returnTransferInput, payouts.returnTransfer);
export const discardPayout = userAction(schemas.discardPayoutInput, payouts.discardPayout);
export const uploadStatement = userAction(schemas.uploadStatementInput, statements.uploadStatement);
export const mapStatement = userAction(schemas.mapStatementInput, statements.mapStatement, [
  ...["roles", "words", "meanings"],
]);
export const discardStatement = userAction(schemas.draftInput, statements.discardStatement);
