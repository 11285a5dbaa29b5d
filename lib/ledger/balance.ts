import { isAsset } from "./chart-of-accounts";
import type { Posting } from "./journal-entry";

/** An account's balance in minor units, positive on the side on which the account grows. */
export function balanceOfPostings(account: string, postings: readonly Posting[]): bigint {
  return postings
    .filter((posting) => posting.account === account)
    .reduce((sum, posting) => sum + signedMinor(posting), 0n);
}

/** What one posting adds to its account: debits to assets, credits to everything else. */
export function signedMinor(posting: Posting): bigint {
  const net = posting.debitMinor - posting.creditMinor;
  return isAsset(posting.account) ? net : -net;
}

export type StatementLine = {
  at: Date;
  description: string;
  subjectId: string;
  /** Positive: comes to the person; negative: leaves. Minor units. */
  amountMinor: bigint;
  balanceMinor: bigint;
  currency: string;
};

/** Adds the running balance, oldest first. All lines must be of one account and currency. */
export function withRunningBalance(lines: readonly Omit<StatementLine, "balanceMinor">[]): StatementLine[] {
  let balanceMinor = 0n;
  return lines.map((line) => {
    balanceMinor += line.amountMinor;
    return { ...line, balanceMinor };
  });
}

/** An entry shown before it is posted: who will get or give what. Amounts are minor units, above zero. */
export type LedgerPreview = {
  lines: readonly { account: string; label: string; amountMinor: bigint }[];
  currency: string;
};
