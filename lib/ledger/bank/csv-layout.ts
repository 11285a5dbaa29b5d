import { type Movement, type PassedOver, type Section, dayOf, readAmount, unreadable } from "./movement";
import { normalReference } from "./reference";
import type { Table } from "./csv-table";

/** What a column holds; one that is not named is not read. */
export type ColumnRole =
  "date" | "amount" | "currency" | "side" | "status" | "reference" | "account" | "text" | "ignored";

export const dateForms = {
  "dd.mm.yyyy": /^(?<day>\d\d)[./-](?<month>\d\d)[./-](?<year>\d{4}|\d\d)$/,
  "mm/dd/yyyy": /^(?<month>\d\d)[./-](?<day>\d\d)[./-](?<year>\d{4}|\d\d)$/,
  "yyyy-mm-dd": /^(?<year>\d{4})-?(?<month>\d\d)-?(?<day>\d\d)(?:[T ].*)?$/,
} as const;
export type DateForm = keyof typeof dateForms;

/** How the rows of a CSV are read. Every value of a side, status or currency column that is not named refuses the file. */
export type CsvLayout = {
  /** A role for each column, in their order. */
  roles: readonly ColumnRole[];
  dateForm: DateForm;
  decimal: "." | ",";
  /** What the side column holds where money came in, and where it went out; without one, amounts are signed. */
  credit: readonly string[];
  debit: readonly string[];
  /** What the status column holds for what is booked, and for what is not, or is taken back. */
  booked: readonly string[];
  notBooked: readonly string[];
};

export type NamedLayout = CsvLayout & {
  name: string;
  title: string;
  delimiter: string;
  header: readonly string[];
  /** The currency of every row, where no column says it. */
  currency: string | null;
};

const signed = { credit: [], debit: [] };
const noStatus = { booked: [], notBooked: [] };

/**
 * The exports that are known as they are, each by its whole first line:
 * Sparkasse, "CSV-CAMT" of online banking (Info: "Umsatz gebucht" or "Umsatz vorgemerkt"); ING in the Netherlands,
 * "Kommagescheiden CSV" (Af Bij: unsigned amounts with a side), of before 2019 and, with two columns more, of today; N26,
 * "Statement as CSV"; Revolut, "Account statement, Excel" (State: COMPLETED, PENDING, REVERTED and others).
 */
export const namedLayouts: readonly NamedLayout[] = [
  {
    ...{ name: "sparkasse-camt", title: "Sparkasse CSV-CAMT", delimiter: ";", currency: null },
    header: [
      ...["Auftragskonto", "Buchungstag", "Valutadatum", "Buchungstext", "Verwendungszweck", "Glaeubiger ID"],
      ...["Mandatsreferenz", "Kundenreferenz (End-to-End)", "Sammlerreferenz", "Lastschrift Ursprungsbetrag"],
      ...["Auslagenersatz Ruecklastschrift", "Beguenstigter/Zahlungspflichtiger", "Kontonummer/IBAN"],
      ...["BIC (SWIFT-Code)", "Betrag", "Waehrung", "Info"],
    ],
    roles: [
      ...(["account", "date", "ignored", "ignored", "text", "ignored", "ignored", "text"] as const),
      ...(["ignored", "ignored", "ignored", "text", "ignored", "ignored"] as const),
      ...(["amount", "currency", "status"] as const),
    ],
    ...{ ...signed, dateForm: "dd.mm.yyyy", decimal: "," },
    ...{ booked: ["Umsatz gebucht"], notBooked: ["Umsatz vorgemerkt"] },
  },
  ...[[], ["Saldo na mutatie", "Tag"]].map((more): NamedLayout => ({
    name: more.length === 0 ? "ing-nl" : "ing-nl-saldo",
    ...{
      title: more.length === 0 ? "ING (NL)" : "ING (NL), with balance",
      delimiter: more.length === 0 ? "," : ";",
      currency: "EUR",
    },
    header: [
      ...["Datum", "Naam / Omschrijving", "Rekening", "Tegenrekening", "Code", "Af Bij", "Bedrag (EUR)"],
      ...[more.length === 0 ? "MutatieSoort" : "Mutatiesoort", "Mededelingen", ...more],
    ],
    roles: [
      ...(["date", "text", "account", "ignored", "ignored", "side", "amount", "ignored", "text"] as const),
      ...more.map(() => "ignored" as const),
    ],
    ...{ ...noStatus, dateForm: "yyyy-mm-dd", decimal: ",", credit: ["Bij"], debit: ["Af"] },
  })),
  {
    ...{ name: "n26", title: "N26", delimiter: ",", currency: "EUR" },
    header: [
      ...["Booking Date", "Value Date", "Partner Name", "Partner Iban", "Type", "Payment Reference"],
      ...["Account Name", "Amount (EUR)", "Original Amount", "Original Currency", "Exchange Rate"],
    ],
    roles: [
      ...(["date", "ignored", "text", "ignored", "ignored", "text", "ignored", "amount"] as const),
      ...(["ignored", "ignored", "ignored"] as const),
    ],
    ...{ ...signed, ...noStatus, dateForm: "yyyy-mm-dd", decimal: "." },
  },
  {
    ...{ name: "revolut", title: "Revolut account statement", delimiter: ",", currency: null },
    header: [
      ...["Type", "Product", "Started Date", "Completed Date", "Description", "Amount", "Fee", "Currency"],
      ...["State", "Balance"],
    ],
    roles: [
      ...(["ignored", "ignored", "ignored", "date", "text", "amount", "ignored", "currency"] as const),
      ...(["status", "ignored"] as const),
    ],
    ...{ ...signed, dateForm: "yyyy-mm-dd", decimal: "." },
    ...{ booked: ["COMPLETED"], notBooked: ["PENDING", "REVERTED", "DECLINED", "FAILED"] },
  },
];

/** The layout with exactly this first line, or null. */
export function namedLayoutOf({ delimiter, header }: Table): NamedLayout | null {
  const isSame = (layout: NamedLayout) =>
    layout.delimiter === delimiter && JSON.stringify(layout.header) === JSON.stringify(header);
  return namedLayouts.find(isSame) ?? null;
}

/**
 * Reads the rows by a layout. `ownCurrency` is what rows are in where no column says it. A row that is not booked, went
 * out or is in another currency is passed over; what is not understood refuses the file with its line and column.
 */
export function readRows(table: Table, layout: CsvLayout, currency: string, ownCurrency: string): Section[] {
  const movements = new Map<string | null, Movement[]>();
  for (const row of table.rows) {
    const cell = (role: ColumnRole) => cellsOf(row.cells, layout, role)[0]?.trim();
    const column = (role: ColumnRole) => table.header[layout.roles.indexOf(role)] ?? "";
    const refuse = (role: ColumnRole) =>
      unreadable(row.line, `“${cell(role) ?? ""}” is not understood in the column ${column(role)}.`);
    const account = normalReference(cell("account") ?? "");
    const movement = movementOf(row, { layout, currency, ownCurrency, cell, refuse });
    const found = movements.get(account);
    if (found) found.push(movement);
    else movements.set(account, [movement]);
  }
  return [...movements].map(([account, found]) => ({ id: "csv", account, movements: found }));
}

function cellsOf(cells: readonly string[], { roles }: CsvLayout, role: ColumnRole): string[] {
  return cells.filter((_, at) => roles[at] === role);
}

type Reading = {
  layout: CsvLayout;
  currency: string;
  ownCurrency: string;
  cell: (role: ColumnRole) => string | undefined;
  refuse: (role: ColumnRole) => Error;
};

function movementOf(row: Table["rows"][number], reading: Reading): Movement {
  const { layout, cell, refuse } = reading;
  const isBooked = statusOf(reading);
  const currencies = cellsOf(row.cells, layout, "currency").map((one) => one.trim());
  if (!currencies.every(isCurrency)) throw refuse("currency");
  const rowCurrency =
    currencies.find((one) => one !== reading.currency) ?? currencies[0] ?? reading.ownCurrency;
  const { amountMinor, isCredit } = amountOf(reading, rowCurrency);
  const bookedOn = dayIn(cell("date") ?? "", layout.dateForm);
  if (!bookedOn && isBooked) throw refuse("date");
  const written = cell("reference") ?? "";
  const bankReference = normalReference(written);
  if (written && !bankReference) throw refuse("reference");
  let passedOver: PassedOver | null = null;
  if (!isBooked) passedOver = "not_booked";
  else if (amountMinor === 0n) passedOver = "zero";
  else if (!isCredit) passedOver = "outgoing";
  else if (rowCurrency !== reading.currency) passedOver = "other_currency";
  return {
    ...{ line: row.line, bookedOn: bookedOn ?? "", amountMinor, bankReference, passedOver },
    // What a mapped column holds may be the payer's choice.
    isReferenceOwn: false,
    raw: JSON.stringify(row.cells),
    text: cellsOf(row.cells, layout, "text").join("\n"),
  };
}

function statusOf({ layout, cell, refuse }: Reading): boolean {
  const status = cell("status");
  if (status === undefined || layout.booked.includes(status)) return true;
  if (layout.notBooked.includes(status)) return false;
  throw refuse("status");
}

function amountOf({ layout, cell, refuse }: Reading, currency: string) {
  const side = cell("side");
  const [, sign, digits = ""] = /^([-+\u2212]?)(.*)$/s.exec(cell("amount") ?? "") ?? [];
  const amountMinor = readAmount(digits, currency, layout.decimal);
  if (amountMinor === null || (side !== undefined && sign)) throw refuse("amount");
  if (side === undefined) return { amountMinor, isCredit: sign === "" || sign === "+" };
  if (!layout.credit.includes(side) && !layout.debit.includes(side)) throw refuse("side");
  return { amountMinor, isCredit: layout.credit.includes(side) };
}

const currencyCodes = new Set(Intl.supportedValuesOf("currency"));

export function isCurrency(written: string): boolean {
  return currencyCodes.has(written);
}

function dayIn(written: string, form: DateForm): string | null {
  const { year = "", month = "", day = "" } = dateForms[form].exec(written)?.groups ?? {};
  return dayOf(year.length === 2 ? `20${year}` : year, month, day);
}
