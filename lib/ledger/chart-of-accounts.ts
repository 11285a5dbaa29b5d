/**
 * The accounts of the journal. An asset grows by debit, what is owed or earned grows by credit.
 *
 * | account | kind | holds |
 * |---|---|---|
 * | `cash:<provider>` | asset | what a provider keeps for buyers and sellers |
 * | `escrow:<dealId>` | owed | a payment held for one deal |
 * | `received:<transferId>` | owed | a transfer that arrived, until it pays a deal or goes back |
 * | `payable:<accountId>` | owed | what a person may be paid out |
 * | `unclaimed:<dealId>:<n>` | owed | the share of a contributor who has no account yet |
 * | `revenue:fees` | earned | the platform's fees |
 */
export type CashProvider = "demo" | "bank-transfer";

export const FEES_ACCOUNT = "revenue:fees";

export function cashAccount(provider: CashProvider): string {
  return `cash:${provider}`;
}

export function escrowAccount(dealId: string): string {
  return `escrow:${dealId}`;
}

export function receivedAccount(transferId: string): string {
  return `received:${transferId}`;
}

export function payableAccount(accountId: string): string {
  return `payable:${accountId}`;
}

export function unclaimedAccount(dealId: string, index: number): string {
  return `unclaimed:${dealId}:${index}`;
}

/** True for accounts that grow by debit. */
export function isAsset(account: string): boolean {
  return account.startsWith("cash:");
}
