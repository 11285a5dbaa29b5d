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
])("reads the amount %s as %s", (written, minor) => {
  expect(readStatementAmount(written, "EUR")).toBe(minor);
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
