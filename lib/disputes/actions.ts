"use server";

import { withClient } from "@/lib/accounts/session/browser";
import { publicAction, userAction } from "@/lib/accounts/session/user-action";
import * as appeals from "./commands/appeal";
import * as disputes from "./commands/dispute";
import * as reports from "./commands/report";
import * as rulings from "./commands/ruling";
import * as sanctions from "./commands/sanction";
import * as schemas from "./schemas";

export const fileReport = publicAction(schemas.fileReportInput, withClient(reports.fileReport));
export const resolveReport = userAction(schemas.resolveReportInput, reports.resolveReport);
export const resolveReports = userAction(schemas.resolveReportsInput, reports.resolveReports);
export const sanctionListing = userAction(schemas.sanctionListingInput, sanctions.sanctionListing);
export const suspendAccount = userAction(schemas.suspendAccountInput, sanctions.suspendForCause);
export const liftSanction = userAction(schemas.liftSanctionInput, sanctions.liftSanction);
export const fileAppeal = publicAction(schemas.fileAppealInput, appeals.fileAppeal);
export const decideAppeal = userAction(schemas.decideAppealInput, appeals.decideAppeal);
export const openDispute = userAction(schemas.openDisputeInput, disputes.openDispute);
export const addStatement = userAction(schemas.addStatementInput, disputes.addStatement);
export const withdrawDispute = userAction(schemas.withdrawDisputeInput, disputes.withdrawDispute);
export const ruleDispute = userAction(schemas.ruleDisputeInput, rulings.ruleDispute, { isMoney: true });
