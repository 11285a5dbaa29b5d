import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type Reader, readApart } from "@/lib/platform/reading";
import { DomainError } from "@/lib/shared/domain-error";
import type { Table } from "../bank/csv-table";
import type { Statement } from "../bank/movement";
import type { StatementAsked, StatementFound } from "../bank/read-apart";

declare module "@/lib/platform/reading" {
  interface Readers {
    bankStatement: Reader<StatementAsked, StatementFound>;
  }
}

/**
 * Reads a bank's statement apart from this process: see `readStatementFile`. Throws `statement_unreadable`, and what
 * `readApart` throws. Not within a transaction.
 */
export async function readBankStatement(
  { accountId }: Actor,
  { fileName, bytes }: { fileName: string; bytes: Uint8Array },
  asked: StatementAsked,
): Promise<StatementFound> {
  const found = await readApart("bankStatement", asked, {
    accountId,
    called: fileName,
    file: { sizeBytes: bytes.length, open: async () => inOne(bytes) },
  });
  if (found.refusal && !found.table) throw new DomainError(found.refusal.code, found.refusal.message);
  return found;
}

async function* inOne(bytes: Uint8Array) {
  yield bytes;
}

export type StatementReading = {
  /** Null where an operator has yet to say what the columns are. */
  statement: Statement | null;
  /** The columns, where the layout is not known. */
  table: Table | null;
  /** Why what was said of the columns does not read the file. */
  problem: DomainError | null;
};

/** What a draft keeps of how its file was read. */
export function readingOfDraft({ reading }: { reading: unknown }): StatementReading {
  const { statement, table, refusal } = reading as StatementFound;
  return {
    statement: statement && statementOf(statement),
    table,
    problem: refusal && new DomainError(refusal.code, refusal.message),
  };
}

function statementOf({
  layout,
  account,
  credits,
  passed,
}: NonNullable<StatementFound["statement"]>): Statement {
  const read = <M extends { amountMinor: string }>(movement: M) => ({
    ...movement,
    amountMinor: BigInt(movement.amountMinor),
  });
  return { layout, account, credits: credits.map(read), passed: passed.map(read) };
}
