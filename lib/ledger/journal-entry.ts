import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import type { Money } from "@/lib/shared/money";

/** One side of an entry: exactly one of the two amounts is above zero. Minor units. */
export type Posting = { account: string; debitMinor: bigint; creditMinor: bigint; currency: string };

/** Balanced in every currency, at least two postings. Made by {@link journalEntry} only. */
export type JournalEntry = {
  description: string;
  subjectId: string;
  /** The same key posts once; it never expires. */
  idempotencyKey: string;
  postings: readonly Posting[];
};

export const MAX_POSTINGS = 50;
/** The largest amount PostgreSQL's bigint holds. */
const MAX_MINOR = 2n ** 63n - 1n;

export type Line = { account: string; debit: Money } | { account: string; credit: Money };

/**
 * Makes an entry. Lines of nothing are left out, so that a free share posts nothing.
 * Throws `entry_unbalanced`, `posting_invalid` or `entry_too_short`.
 */
export function journalEntry(
  facts: Pick<JournalEntry, "description" | "subjectId" | "idempotencyKey">,
  lines: readonly Line[],
): JournalEntry {
  const postings = lines.map(postingOf).filter((posting) => posting.debitMinor + posting.creditMinor > 0n);
  refuseUnless(
    postings.length >= 2 && postings.length <= MAX_POSTINGS,
    "entry_too_short",
    `A journal entry has 2 to ${MAX_POSTINGS} postings.`,
  );
  for (const [currency, difference] of differences(postings)) {
    refuseUnless(difference === 0n, "entry_unbalanced", `Debits and credits differ in ${currency}.`);
  }
  return { ...facts, postings };
}

function postingOf(line: Line): Posting {
  const { minor, currency } = "debit" in line ? line.debit : line.credit;
  if (minor < 0n || minor > MAX_MINOR || !/^[A-Z]{3}$/.test(currency) || line.account === "") {
    throw new DomainError(
      "posting_invalid",
      "A posting is a positive amount of one currency on one account.",
    );
  }
  return {
    account: line.account,
    debitMinor: "debit" in line ? minor : 0n,
    creditMinor: "credit" in line ? minor : 0n,
    currency,
  };
}

function differences(postings: readonly Posting[]): Map<string, bigint> {
  const byCurrency = new Map<string, bigint>();
  for (const { currency, debitMinor, creditMinor } of postings) {
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0n) + debitMinor - creditMinor);
  }
  return byCurrency;
}

/** Two entries with the same effect, whatever the order of their postings. */
export function isSameEntry(a: JournalEntry, b: JournalEntry): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint({ description, subjectId, postings }: JournalEntry): string {
  const lines = postings.map((p) => [p.account, p.currency, p.debitMinor, p.creditMinor].join("|"));
  return JSON.stringify([description, subjectId, ...lines.sort()]);
}
