"use server";

import { userAction } from "@/lib/accounts/session/user-action";
import * as accept from "./commands/accept-delivery";
import * as answer from "./commands/answer-offer";
import * as deletion from "./commands/confirm-deletion";
import * as delivery from "./commands/deliver";
import * as agreement from "./commands/end-by-agreement";
import * as payment from "./commands/fund-deal";
import * as statement from "./commands/import-statement";
import * as sitting from "./commands/license-and-pay";
import * as offer from "./commands/make-offer";
import * as clock from "./commands/move-demo-clock";
import * as transfer from "./commands/receive-transfer";
import * as message from "./commands/send-message";
import * as signature from "./commands/sign-contract";
import * as standing from "./commands/standing-offer";
import * as schemas from "./schemas";

export const licenseNow = userAction(schemas.licenseAndPayInput, sitting.licenseAndPay, { isMoney: true });
export const makeOffer = userAction(schemas.makeOfferInput, offer.makeOffer);
export const counterOffer = userAction(schemas.counterOfferInput, answer.counterOffer);
export const acceptOffer = userAction(schemas.answerOfferInput, answer.acceptOffer, { isMoney: true });
export const declineOffer = userAction(schemas.answerOfferInput, answer.declineOffer);
export const withdraw = userAction(schemas.dealInput, answer.withdraw);
export const signContract = userAction(schemas.signContractInput, signature.signContract, { isMoney: true });
export const fundDeal = userAction(schemas.fundDealInput, payment.fundDeal, { isMoney: true });
export const confirmTransfer = userAction(schemas.confirmTransferInput, transfer.confirmTransfer, {
  isMoney: true,
});
export const assignTransfer = userAction(schemas.assignTransferInput, transfer.assignTransfer, {
  isMoney: true,
});
export const importStatement = userAction(schemas.importStatementInput, statement.importStatement, {
  isMoney: true,
});
export const deliver = userAction(schemas.deliverInput, delivery.deliver);
export const acceptDelivery = userAction(schemas.signedStepInput, accept.acceptDelivery, { isMoney: true });
export const confirmDeletion = userAction(schemas.signedStepInput, deletion.confirmDeletion);
export const giveBack = userAction(schemas.dealInput, agreement.giveBack, { isMoney: true });
export const proposeSplit = userAction(schemas.proposeSplitInput, agreement.proposeSplit);
export const acceptSplit = userAction(schemas.acceptSplitInput, agreement.acceptSplit, { isMoney: true });
export const sendMessage = userAction(schemas.sendMessageInput, message.sendMessage);
export const moveDemoClock = userAction(schemas.moveClockInput, clock.moveDemoClock);
export const signStandingOffer = userAction(schemas.signStandingOfferInput, standing.signStandingOffer);
export const withdrawStandingOffer = userAction(
  schemas.withdrawStandingOfferInput,
  standing.withdrawStandingOffer,
);
