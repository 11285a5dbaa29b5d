import { createHash } from "node:crypto";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { type ColumnRole, type CsvLayout, type DateForm, dateForms, isCurrency } from "./csv-layout";
import type { Table } from "./csv-table";

export const columnRoles: readonly ColumnRole[] = [
  ...(["ignored", "date", "amount", "currency", "side"] as const),
  ...(["status", "reference", "account", "text"] as const),
];

/** What an operator said of a CSV that is not known: a role for each column, and what words of it mean. */
export type Mapping = {
  roles: ColumnRole[];
  dateForm: DateForm;
  decimal: "." | ",";
  meanings: Record<string, Meaning>;
};
export const meanings = ["credit", "debit", "booked", "not_booked"] as const;
export type Meaning = (typeof meanings)[number];

const MAX_WORDS = 20;
/** What columns hold that decide whether money arrived; such a column is never left out. */
const SIDE =
  /^(s|h|d|c|b|dr|cr|dt|ct|dbit|crdt|debit|credit|soll|haben|lastschrift|gutschrift|af|bij|in|out|direct|[-+])$/i;
const STATUS =
  /^(pending|booked|posted|completed?|reverted|reversed|refunded|declined|failed|cancell?ed|authori[sz]ed|settled|vorgemerkt|gebucht|storniert|umsatz (gebucht|vorgemerkt)|pdng|book|info)$/i;

/**
 * The layout that a mapping makes of a table. Throws `mapping_incomplete` unless it names one day, one amount and a text,
 * at most one side, status, reference and account, every column that looks like a side, a status or a currency, and the
 * meaning of every word in the columns of sides and states.
 */
export function layoutOf(table: Table, mapping: Mapping): CsvLayout {
  const incomplete = (message: string) => new DomainError("mapping_incomplete", message);
  requireRoles(table, mapping.roles);
  const words = (role: ColumnRole, meaning: Meaning) =>
    wordsOf(table, mapping.roles, role).filter((word) => mapping.meanings[`${role}:${word}`] === meaning);
  for (const [role, allowed] of [
    ["side", ["credit", "debit"]],
    ["status", ["booked", "not_booked"]],
  ] as const) {
    const missing = wordsOf(table, mapping.roles, role).find(
      (word) => !(allowed as readonly (Meaning | undefined)[]).includes(mapping.meanings[`${role}:${word}`]),
    );
    if (missing !== undefined) throw incomplete(`Say what “${missing}” means.`);
  }
  return {
    ...{ roles: mapping.roles, dateForm: mapping.dateForm, decimal: mapping.decimal },
    ...{ credit: words("side", "credit"), debit: words("side", "debit") },
    ...{ booked: words("status", "booked"), notBooked: words("status", "not_booked") },
  };
}

function requireRoles(table: Table, roles: readonly ColumnRole[]): void {
  const { header, rows } = table;
  const incomplete = (condition: boolean, message: string) =>
    refuseUnless(condition, "mapping_incomplete", message);
  const count = (role: ColumnRole) => roles.filter((one) => one === role).length;
  incomplete(roles.length === header.length, "Say of every column what it holds.");
  for (const role of ["date", "amount"] as const)
    incomplete(count(role) === 1, `Exactly one column holds the ${role === "date" ? "day" : "amount"}.`);
  for (const role of ["side", "status", "reference", "account"] as const)
    incomplete(count(role) <= 1, `At most one column is of the kind “${role}”.`);
  incomplete(count("text") >= 1, "At least one column holds what the payer wrote.");
  for (const role of ["side", "status"] as const)
    incomplete(
      wordsOf(table, roles, role).length <= MAX_WORDS,
      `A column with more than ${MAX_WORDS} different words is no ${role}.`,
    );
  for (const [at, name] of header.entries()) {
    const looks = kindOf(rows.map(({ cells }) => cells[at] ?? ""));
    incomplete(
      looks === null || roles[at] === looks,
      `The column “${name}” looks like a ${looks}: it decides whether money arrived and cannot be left out.`,
    );
  }
}

/** What a column is by every word in it; null for one that decides nothing. */
function kindOf(cells: readonly string[]): "side" | "status" | "currency" | null {
  const words = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  if (words.length === 0) return null;
  if (words.every((word) => SIDE.test(word))) return "side";
  if (words.every((word) => STATUS.test(word))) return "status";
  return words.every(isCurrency) ? "currency" : null;
}

/** The different words of the column with this role, at most one more than a mapping may give a meaning. */
export function wordsOf({ rows }: Table, roles: readonly ColumnRole[], role: ColumnRole): string[] {
  const at = roles.indexOf(role);
  if (at < 0) return [];
  return [...new Set(rows.map(({ cells }) => (cells[at] ?? "").trim()))].slice(0, MAX_WORDS + 1);
}

/** The name under which what was read by a mapping is kept: another mapping reads other lines. */
export function nameOfMapping(table: Table, mapping: Mapping): string {
  const facts = JSON.stringify([
    table.delimiter,
    table.header,
    mapping.roles,
    mapping.dateForm,
    mapping.decimal,
  ]);
  return `csv:mapped:${createHash("sha256").update(facts).digest("hex").slice(0, 16)}`;
}

/** What the form shows first: columns by the names that many banks give them. Nothing is read by it unconfirmed. */
export function suggestedMapping({ header, rows }: Table): Mapping {
  const named = (pattern: RegExp) => header.findIndex((name) => pattern.test(name));
  const [date, amount] = [
    named(/date|datum|tag|fecha|data/i),
    named(/amount|betrag|montant|importe|bedrag/i),
  ];
  const roles = header.map((name, at): ColumnRole => {
    if (at === date) return "date";
    if (at === amount) return "amount";
    const looks = kindOf(rows.map(({ cells }) => cells[at] ?? ""));
    return (
      looks ??
      (/text|descr|zweck|reference|remittance|omschrijving|mededeling/i.test(name) ? "text" : "ignored")
    );
  });
  const sample = rows[0]?.cells[date]?.trim() ?? "";
  const forms = Object.keys(dateForms) as DateForm[];
  return {
    ...{ roles, meanings: {} },
    dateForm: forms.find((form) => dateForms[form].test(sample)) ?? "yyyy-mm-dd",
    decimal: rows.some(({ cells }) => /,\d{1,2}$/.test((cells[amount] ?? "").trim())) ? "," : ".",
  };
}
