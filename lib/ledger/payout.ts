import { refuseUnless } from "@/lib/shared/domain-error";
import { money } from "@/lib/shared/money";
import { type CashProvider, cashAccount, payableAccount } from "./chart-of-accounts";
import { type JournalEntry, journalEntry } from "./journal-entry";

export type PaidOut = {
  id: string;
  accountId: string;
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
export function payoutEntry({ id, accountId, amountMinor, currency, provider }: PaidOut): JournalEntry {
  const amount = money(amountMinor, currency);
  return journalEntry({ description: "Paid out", subjectId: id, idempotencyKey: `payout:${id}` }, [
    { account: payableAccount(accountId), debit: amount },
    { account: cashAccount(provider), credit: amount },
  ]);
}
