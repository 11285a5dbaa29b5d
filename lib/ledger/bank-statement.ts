import { parse } from "csv-parse/sync";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { fractionDigits } from "@/lib/shared/money";

/** A line of a bank statement that names a payment reference of ours. `amountMinor` is null where it is not readable. */
export type StatementCredit = { line: number; reference: string; amountMinor: bigint | null };

export type BankStatement = {
  credits: StatementCredit[];
  /** Lines with money coming in that name no reference. */
  withoutReference: number;
  /** Lines with money going out. */
  outgoing: number;
};

const MAX_LINES = 5_000;
const AMOUNT_HEADER = /amount|betrag|montant|importe|importo|bedrag|credit(?!or)/i;
const DEBIT_HEADER = /debit|soll|belastung|lastschrift|paid out|withdrawal/i;
/** A column that says on which side of the account an unsigned amount stands. */
const SIDE_HEADER = new RegExp(
  [
    /(debit|dbi?t|soll|belastung).*(credit|crdt|cdt|haben|gutschrift)/,
    /(credit|crdt|cdt|haben|gutschrift).*(debit|dbi?t|soll|belastung)/,
    /^\W*(s\W*h|h\W*s|d\W*c|c\W*d|dr\W*cr|cr\W*dr|af\W*bij)\W*$/,
    /indicator|^\W*(s\W*h\W*)?kennzeichen\W*$/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);
/** What such a column holds where money went out. */
const DEBIT_MARK = /^\s*(s|soll|d|dr|dbit|debit|af)\s*$/i;
/** U+FFFD: a file that was not in UTF-8. */
const CURRENCY_HEADER = /currency|w(ä|ae|a|\uFFFD)hrung|devise|moneda|^valuta$/i;
/** A code, or a symbol alone: a column of days called "Valuta" holds neither. */
const CURRENCY_CELL = /^([A-Z]{3}|\p{Sc})$/iu;
const REFERENCE = /OFC[-\s]?([2-9A-HJ-NP-Z]{4})[-\s]?([2-9A-HJ-NP-Z]{4})(?![0-9A-Z])/i;

/**
 * Reads a bank's list of transfers: CSV with a line of column names, separated by comma, semicolon or tab, amounts
 * written in either way (1,234.56 or 1.234,56) and with a sign where money goes out. Our reference may stand in any
 * column, with or without its dashes. A line in another currency has no readable amount. A list that tells the side by
 * words beside unsigned amounts is not read. Throws `statement_unreadable`.
 */
export function readBankStatement(text: string, currency: string): BankStatement {
  const [first, ...rows] = rowsOf(text);
  const header = first?.cells;
  requireSigned(!header?.some((name) => SIDE_HEADER.test(name)));
  const amountAt =
    header?.findIndex(
      (name) => AMOUNT_HEADER.test(name) && !CURRENCY_HEADER.test(name) && !DEBIT_HEADER.test(name),
    ) ?? -1;
  const currencyAt = header ? findCurrencyColumn(header, rows) : -1;
  const marks = marksOf(currency);
  refuseUnless(
    header && amountAt >= 0,
    "statement_unreadable",
    "The first line must name the columns, and one of them the amount that came in.",
  );
  const statement: BankStatement = { credits: [], withoutReference: 0, outgoing: 0 };
  for (const { line, cells } of rows) {
    const written = cells[amountAt] ?? "";
    const isForeign = currencyAt >= 0 && !marks.includes((cells[currencyAt] ?? "").trim().toUpperCase());
    const amountMinor = isForeign ? null : readStatementAmount(written, currency);
    if (/^\s*[-−(]|-\s*$/.test(written)) statement.outgoing += 1;
    else {
      requireSigned(!cells.some((cell) => DEBIT_MARK.test(cell)));
      const reference = referenceIn(cells);
      if (reference) statement.credits.push({ line, reference, amountMinor });
      else if (written.trim() !== "") statement.withoutReference += 1;
    }
  }
  return statement;
}

function requireSigned(isSigned: boolean): void {
  refuseUnless(
    isSigned,
    "statement_unreadable",
    "This list tells money going out by a word in a column of its own. Export it with signed amounts: a minus where money goes out.",
  );
}

/** The column that is called a currency and holds nothing else; -1 where there is none. */
function findCurrencyColumn(header: readonly string[], rows: readonly Row[]): number {
  return header.findIndex((name, at) => {
    const written = rows.map(({ cells }) => (cells[at] ?? "").trim()).filter((cell) => cell !== "");
    return (
      CURRENCY_HEADER.test(name.trim()) &&
      written.length > 0 &&
      written.every((cell) => CURRENCY_CELL.test(cell))
    );
  });
}

/** `line` is where it begins in the file, as an editor counts, blank lines and breaks inside quotes included. */
type Row = { line: number; cells: string[] };

function rowsOf(text: string): Row[] {
  let rows: { info: { lines: number }; record: string[] }[];
  try {
    // One kind of break: the parser counts "\r\n" inside quotes as two.
    rows = parse(text.replace(/\r\n?/g, "\n"), {
      delimiter: delimiterOf(text),
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: MAX_LINES + 2,
    }) as unknown as typeof rows;
  } catch {
    throw new DomainError("statement_unreadable", "This is not a CSV file that can be read.");
  }
  refuseUnless(
    rows.length <= MAX_LINES + 1,
    "statement_unreadable",
    "A statement has at most 5,000 lines here; export a shorter time.",
  );
  return rows.map(({ info, record }) => ({
    line: info.lines - (record.join("").split("\n").length - 1),
    cells: record,
  }));
}

function delimiterOf(text: string): string {
  const [first = ""] = text.split("\n", 1);
  const count = (mark: string) => first.split(mark).length;
  return [";", "\t", ","].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ";");
}

function referenceIn(cells: readonly string[]): string | null {
  for (const cell of cells) {
    const found = REFERENCE.exec(cell);
    if (found) return `OFC-${found[1]}-${found[2]}`.toUpperCase();
  }
  return null;
}

/** Longer is no amount that a bank moves. */
const MAX_AMOUNT_CHARACTERS = 20;

/**
 * "1.234,56", "1,234.56", "+90", "90,5 EUR" in minor units; null for anything that is not one such amount, also for one
 * with the mark of another currency, or with letters that may mean a debit ("90 S", "90 DR").
 */
export function readStatementAmount(written: string, currency: string): bigint | null {
  const digits = fractionDigits(currency);
  const compact = written.replace(/[\s\u00a0'’]/g, "").replace(/^\+/, "");
  const [, before = "", bare = "", after = ""] = /^(\D*)(\d.*\d|\d)(\D*)$/.exec(compact) ?? [];
  const marks = ["", ...marksOf(currency)];
  if (!marks.includes(before.toUpperCase()) || !marks.includes(after.toUpperCase())) return null;
  const match = /^(\d{1,3}(?:([.,])\d{3})*|\d+)(?:([.,])(\d+))?$/.exec(bare);
  if (!match || bare.length > MAX_AMOUNT_CHARACTERS) return null;
  const [, whole = "", grouping, point, fraction = ""] = match;
  // "1.234" could be either; more than the currency's digits after the mark are thousands.
  if (point && grouping === point) return null;
  if (point && fraction.length > digits) {
    return !grouping && fraction.length === 3 && digits !== 3
      ? BigInt(whole + fraction) * 10n ** BigInt(digits)
      : null;
  }
  return BigInt(whole.replace(/[.,]/g, "") + fraction.padEnd(digits, "0"));
}

/** How a currency is written beside an amount: its code, and its symbols ("EUR", "€"). */
function marksOf(currency: string): string[] {
  const symbols = (["symbol", "narrowSymbol"] as const).map(
    (currencyDisplay) =>
      new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay })
        .formatToParts(0)
        .find(({ type }) => type === "currency")?.value ?? currency,
  );
  return [currency, ...symbols].map((mark) => mark.toUpperCase());
}
