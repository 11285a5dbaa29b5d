import { refuseUnless } from "@/lib/shared/domain-error";
import { money } from "@/lib/shared/money";
import { type CashProvider, cashAccount, payableAccount, receivedAccount } from "./chart-of-accounts";
import { type JournalEntry, journalEntry } from "./journal-entry";

export type PaidOut = {
  id: string;
  /** Who is paid what they are owed, or the transfer that goes back to its payer. */
  accountId: string | null;
  transferId: string | null;
  amountMinor: bigint;
  currency: string;
  provider: CashProvider;
};

/** Nobody is sent more than they are owed, nor nothing. Throws `payout_exceeds` or `amount_invalid`. */
export function requirePayable(amountMinor: bigint, owedMinor: bigint): void {
  refuseUnless(amountMinor > 0n, "amount_invalid", "Write an amount above zero.");
  refuseUnless(
    amountMinor <= owedMinor,
    "payout_exceeds",
    "That is more than this account is owed now. Reload the page.",
  );
}

/** What was owed has left the provider. */
export function payoutEntry(payout: PaidOut): JournalEntry {
  const { id, accountId, transferId, amountMinor, currency, provider } = payout;
  const amount = money(amountMinor, currency);
  const description = accountId ? "Paid out" : "Transfer returned";
  return journalEntry({ description, subjectId: id, idempotencyKey: `payout:${id}` }, [
    { account: accountId ? payableAccount(accountId) : receivedAccount(transferId ?? ""), debit: amount },
    { account: cashAccount(provider), credit: amount },
  ]);
}
