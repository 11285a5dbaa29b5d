import { money } from "@/lib/shared/money";
import { type CashProvider, cashAccount, receivedAccount } from "./chart-of-accounts";
import { type JournalEntry, journalEntry } from "./journal-entry";

export type ReceivedMoney = { id: string; amountMinor: bigint; currency: string; provider: CashProvider };

/** A transfer has arrived at the provider, and is nobody's yet. */
export function receivedEntry({ id, amountMinor, currency, provider }: ReceivedMoney): JournalEntry {
  const amount = money(amountMinor, currency);
  const facts = {
    description: "Transfer received",
    subjectId: id,
    idempotencyKey: `transfer:${id}:received`,
  };
  return journalEntry(facts, [
    { account: cashAccount(provider), debit: amount },
    { account: receivedAccount(id), credit: amount },
  ]);
}

/** Who holds money on this installation: simulated money and real never mix. */
export function cashProviderHere(isDemo: boolean): CashProvider {
  return isDemo ? "demo" : "bank-transfer";
}
