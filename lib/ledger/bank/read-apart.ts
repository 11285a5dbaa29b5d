import { DomainError } from "@/lib/shared/domain-error";
import type { Mapping } from "./csv-mapping";
import type { Table } from "./csv-table";
import type { Movement } from "./movement";
import { readStatementFile } from "./statement-file";

export type StatementAsked = { currency: string; mapping: Mapping | null };

/** A movement whose amount goes through JSON. */
type Written<M extends Movement> = Omit<M, "amountMinor"> & { amountMinor: string };

/** What a statement says, or the columns of a CSV that is not known, or both; and why it says no more. */
export type StatementFound = {
  statement: {
    layout: string;
    account: string | null;
    credits: Written<Movement & { passedOver: null; key: string }>[];
    passed: Written<Movement>[];
  } | null;
  table: Table | null;
  refusal: { code: DomainError["code"]; message: string } | null;
};

/** `readStatementFile`, of which nothing is thrown and everything is JSON. A mapping is only for columns that are not known. */
export function readStatementApart({ currency, mapping }: StatementAsked, bytes: Uint8Array): StatementFound {
  const known = attempt(bytes, currency, null);
  if (known.refusal || known.statement || !mapping) return known;
  return { ...attempt(bytes, currency, mapping), table: known.table };
}

function attempt(bytes: Uint8Array, currency: string, mapping: Mapping | null): StatementFound {
  try {
    const { statement, table } = readStatementFile(bytes, currency, mapping);
    if (!statement) return { statement: null, table, refusal: null };
    const { layout, account, credits, passed } = statement;
    return {
      statement: { layout, account, credits: credits.map(written), passed: passed.map(written) },
      table: null,
      refusal: null,
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { statement: null, table: null, refusal: { code: error.code, message: error.message } };
  }
}

function written<M extends Movement>(movement: M): Written<M> {
  return { ...movement, amountMinor: String(movement.amountMinor) };
}
