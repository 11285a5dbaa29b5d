import fc from "fast-check";
import { expect, test } from "vitest";
import { readBankStatement, readStatementAmount } from "./bank-statement";

const code = (text: string) => expect.objectContaining({ code: text });

test("reads what arrived by its reference, whatever the bank calls its columns", () => {
  const german = [
    "Buchungstag;Verwendungszweck;Betrag;Währung",
    '22.11.2026;"Lizenz OFC-7K2M-9QXA danke";1.234,56;EUR',
    "22.11.2026;ofc7k2m9qxb;90;EUR",
    "22.11.2026;Miete;-800,00;EUR",
    "22.11.2026;Trinkgeld;5,00;EUR",
    "22.11.2026;OFC-7K2M-9QXC;90,00;USD",
  ].join("\r\n");
  expect(readBankStatement(german, "EUR")).toEqual({
    credits: [
      { line: 2, reference: "OFC-7K2M-9QXA", amountMinor: 123_456n },
      { line: 3, reference: "OFC-7K2M-9QXB", amountMinor: 9_000n },
      { line: 6, reference: "OFC-7K2M-9QXC", amountMinor: null },
    ],
    withoutReference: 1,
    outgoing: 1,
  });
  const english = 'Date,Description,Amount (EUR)\n2026-11-22,OFC 7K2M 9QXA,"1,234.56"\n';
  expect(readBankStatement(english, "EUR").credits).toEqual([
    { line: 2, reference: "OFC-7K2M-9QXA", amountMinor: 123_456n },
  ]);
});

test.each([
  ["90", 9_000n],
  ["90,5", 9_050n],
  ["90.50 EUR", 9_050n],
  ["€1,234.56", 123_456n],
  ["1.234,56 €", 123_456n],
  ["1'234.56", 123_456n],
  ["1.234", 123_400n],
  ["12.345.678", 1_234_567_800n],
  ["1,234,56", null],
  ["1.23.45", null],
  ["ninety", null],
  ["", null],
  ["-5", null],
  ["(5)", null],
  ["EUR 90.00", 9_000n],
  ["90.00 USD", null],
  ["$90.00", null],
  ["£90.00", null],
  ["90 S", null],
  ["90,00 S", null],
  ["90.00 DR", null],
  ["90.00D", null],
  ["EUR 90.00 D", null],
])("reads the amount %s as %s", (written, minor) => {
  expect(readStatementAmount(written, "EUR")).toBe(minor);
});

test("an amount with its own currency's mark is read in every currency, and no other mark is", () => {
  expect(readStatementAmount("$90.00", "USD")).toBe(9_000n);
  expect(readStatementAmount("90.00 usd", "USD")).toBe(9_000n);
  expect(readStatementAmount("¥90", "JPY")).toBe(90n);
  expect(readStatementAmount("€90.00", "USD")).toBeNull();
});

test.each([
  ["Debit Amount", "Credit Amount"],
  ["Withdrawal amount", "Deposit amount"],
  ["Betrag Belastung", "Betrag Zugang"],
  ["Paid out amount", "Paid in amount"],
  ["Betrag Soll", "Betrag"],
  ["Lastschrift Ursprungsbetrag", "Betrag"],
])("takes no column of money going out for the one that came in: %s", (out, arrived) => {
  const text = `Text,${out},${arrived}\nOFC-7K2M-9QXA,90.00,\nOFC-7K2M-9QXB,,80.00\n`;
  expect(readBankStatement(text, "EUR").credits).toEqual([
    { line: 2, reference: "OFC-7K2M-9QXA", amountMinor: null },
    { line: 3, reference: "OFC-7K2M-9QXB", amountMinor: 8_000n },
  ]);
});

test.each([
  ["Soll/Haben", "H"],
  ["S/H", "H"],
  ["CRDT/DBIT", "CRDT"],
  ["Credit Debit Indicator", "CRDT"],
  ["CdtDbtInd", "CRDT"],
  ["Dr/Cr", "CR"],
  ["Kennzeichen", "H"],
  ["Af Bij", "Bij"],
  ["Type", "DBIT"],
  ["", "S"],
])("refuses unsigned amounts beside a column %s that says %s", (header, side) => {
  expect(() => readBankStatement(`Text;Amount;${header}\nOFC-7K2M-9QXA;90,00;${side}\n`, "EUR")).toThrow(
    expect.objectContaining({
      code: "statement_unreadable",
      message: expect.stringContaining("signed amounts") as string,
    }),
  );
});

test("a signed list may also call its outgoing lines debits, and a creditor is no amount", () => {
  const text = "Type;Creditor;Amount\nDEBIT;Rent;-800,00\nCREDIT;OFC-7K2M-9QXA;90,00\n";
  expect(readBankStatement(text, "EUR")).toEqual({
    credits: [{ line: 3, reference: "OFC-7K2M-9QXA", amountMinor: 9_000n }],
    withoutReference: 0,
    outgoing: 1,
  });
});

test.each([
  "Währung",
  "Waehrung",
  "Wahrung",
  "W\uFFFDhrung",
  "WÄHRUNG",
  "Currency",
  "Devise",
  "Moneda",
  "Valuta",
])("reads no amount of another currency where the column is called %s", (header) => {
  const lines = ["OFC-7K2M-9QXA;90,00;USD", "OFC-7K2M-9QXB;80,00;eur", "OFC-7K2M-9QXC;70,00;€"];
  const { credits } = readBankStatement([`Text;Betrag;${header}`, ...lines].join("\n"), "EUR");
  expect(credits.map(({ amountMinor }) => amountMinor)).toEqual([null, 8_000n, 7_000n]);
});

test.each([
  ["Valutadatum", "23.11.2026"],
  ["Valuta", "23.11.2026"],
  ["Currency", ""],
])("a column %s that holds %s is no currency", (header, held) => {
  const text = `${header};Text;Betrag;Waehrung\n${held};OFC-7K2M-9QXA;90,00;EUR\n${held};OFC-7K2M-9QXB;80,00;USD\n`;
  const { credits } = readBankStatement(text, "EUR");
  expect(credits.map(({ amountMinor }) => amountMinor)).toEqual([9_000n, null]);
});

test.each(["\n", "\r\n", "\r"])("a line is numbered as an editor numbers it, with breaks %j", (end) => {
  const text = [
    "Text;Amount",
    "",
    "OFC-7K2M-9QXA;90",
    "",
    "",
    '"Licence',
    "",
    'OFC-7K2M-9QXB";80',
    "OFC-7K2M-9QXC;70",
  ].join(end);
  const { credits } = readBankStatement(text, "EUR");
  expect(credits.map(({ line }) => line)).toEqual([3, 6, 9]);
});

test("every amount that can be written in either way is read back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 11n }), fc.boolean(), (minor, isGerman) => {
      const text = new Intl.NumberFormat(isGerman ? "de" : "en", { minimumFractionDigits: 2 }).format(
        `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}` as Intl.StringNumericLiteral,
      );
      expect(readStatementAmount(text, "EUR")).toBe(minor);
    }),
  );
});

test("refuses what is no list of transfers, and never throws anything else", () => {
  expect(() => readBankStatement("Date,Text\n1,2\n", "EUR")).toThrow(code("statement_unreadable"));
  expect(() => readBankStatement("", "EUR")).toThrow(code("statement_unreadable"));
  expect(() => readBankStatement(`Amount\n${"1\n".repeat(5_001)}`, "EUR")).toThrow(
    code("statement_unreadable"),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      try {
        readBankStatement(`Amount;Text\n${text}`, "EUR");
      } catch (error) {
        expect(error).toEqual(code("statement_unreadable"));
      }
    }),
  );
});
