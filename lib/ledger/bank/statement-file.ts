import { isValidIBAN } from "ibantools";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { readCamt } from "./camt";
import { namedLayoutOf, readRows } from "./csv-layout";
import { type Mapping, layoutOf, nameOfMapping } from "./csv-mapping";
import { type Table, readTable } from "./csv-table";
import { type Section, type Statement, statementOf } from "./movement";
import { readMt940 } from "./mt940";
import { ibansIn } from "../payout-details";

/** The largest file that a form without JavaScript can send with its action. */
export const STATEMENT_MAX_BYTES = 900_000;
const MAX_LINES = 10_000;

/** A file that is read, or a CSV of a layout that is not known, of which an operator must say what its columns are. */
export type StatementFile = { statement: Statement; table: null } | { statement: null; table: Table };

/**
 * Reads a bank's statement as a whole or not at all: camt.053, MT940, a CSV of a named layout, or any CSV by the mapping
 * that an operator confirmed. At most 10,000 lines. Throws `statement_unreadable` and `mapping_incomplete`.
 */
export function readStatementFile(
  bytes: Uint8Array,
  currency: string,
  mapping: Mapping | null,
): StatementFile {
  const text = textOf(bytes);
  const isXml = /^\s*</.test(text);
  if (isXml) return { statement: bounded("camt.053", readCamt(text, currency)), table: null };
  if (/^\s*(\{1:|([^\n]{0,80}\n)?:20:)/.test(text))
    return { statement: bounded("mt940", readMt940(text, currency)), table: null };
  const table = readTable(text);
  refuseUnless(table.rows.length <= MAX_LINES, "statement_unreadable", TOO_LONG);
  const named = namedLayoutOf(table);
  if (named) {
    const sections = readRows(table, named, currency, named.currency ?? currency);
    return { statement: bounded(`csv:${named.name}`, sections), table: null };
  }
  if (!mapping) return { statement: null, table };
  const sections = readRows(table, layoutOf(table, mapping), currency, currency);
  return { statement: bounded(nameOfMapping(table, mapping), sections), table: null };
}

const TOO_LONG = "A statement has at most 10,000 lines here; export a shorter time.";

function bounded(layout: string, sections: readonly Section[]): Statement {
  const count = sections.reduce((sum, { movements }) => sum + movements.length, 0);
  refuseUnless(count <= MAX_LINES, "statement_unreadable", TOO_LONG);
  refuseUnless(sections.length > 0, "statement_unreadable", "There is no statement in this file.");
  return statementOf(layout, sections);
}

/** UTF-16 by its mark, otherwise UTF-8, otherwise Windows-1252; XML as it declares itself. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  let encoding = "utf-8";
  if (first === 0xff && second === 0xfe) encoding = "utf-16le";
  else if (first === 0xfe && second === 0xff) encoding = "utf-16be";
  else {
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
    const [, declared] = /^[^<]{0,3}<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(head) ?? [];
    if (declared && /^(iso-8859-1|windows-1252|us-ascii)$/i.test(declared)) encoding = "windows-1252";
    else if (declared && !/^utf-8$/i.test(declared))
      throw new DomainError("statement_unreadable", `The encoding ${declared} is not read here.`);
  }
  const text = decoded(bytes, encoding) ?? (encoding === "utf-8" ? decoded(bytes, "windows-1252") : null);
  refuseUnless(
    text !== null && !text.includes("\0"),
    "statement_unreadable",
    "This is not a text file that can be read.",
  );
  return text;
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * A statement of another account than the one buyers pay into confirms nothing here. Where either names no IBAN, the
 * operator alone answers for it. Throws `statement_of_other_account`.
 */
export function requireOwnAccount(
  { account }: Pick<Statement, "account">,
  bankTransferDetails: string,
): void {
  const own = ibansIn(bankTransferDetails).filter((iban) => isValidIBAN(iban));
  if (own.length === 0 || account === null || !isValidIBAN(account)) return;
  refuseUnless(
    own.includes(account),
    "statement_of_other_account",
    `This is the statement of ${account}. Buyers pay into ${own.join(" and ")}.`,
  );
}

/**
 * Two ways to write the same days of one account would show each transfer twice, under two identities. Throws
 * `days_read_otherwise`.
 */
export function requireOtherDays(
  statement: Pick<Statement, "layout" | "account" | "credits">,
  earlier: readonly { layout: string; account: string | null; firstDay: string; lastDay: string }[],
): void {
  const days = statement.credits.map(({ bookedOn }) => bookedOn).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return;
  const other = earlier.find(
    ({ layout, account, firstDay, lastDay }) =>
      layout !== statement.layout &&
      firstDay <= last &&
      first <= lastDay &&
      !areOtherAccounts(account, statement.account),
  );
  refuseUnless(
    !other,
    "days_read_otherwise",
    `Days from ${first} to ${last} were read before in another layout (${other?.layout}). Import the same kind of file, so that no transfer counts twice.`,
  );
}

/** Banks name one account in several ways; two different IBANs alone are two accounts for sure. */
function areOtherAccounts(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other && isValidIBAN(one) && isValidIBAN(other);
}
