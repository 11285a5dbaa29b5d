import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedLayouts } from "./csv-layout";
import type { Mapping } from "./csv-mapping";
import { paymentReferencesIn } from "./reference";
import { readStatementFile, requireOtherDays, requireOwnAccount } from "./statement-file";
import type { SampleLine } from "./statement.fixture";
import * as sample from "./statement.fixture";

const bytes = (text: string) => new TextEncoder().encode(text);
const code = (text: string, message = "") =>
  expect.objectContaining({ code: text, message: expect.stringContaining(message) as string });
const unreadable = (message = "") => code("statement_unreadable", message);

const mapping: Mapping = {
  roles: ["date", "text", "amount", "side"],
  ...{ dateForm: "yyyy-mm-dd", decimal: "." },
  meanings: { "side:CR": "credit", "side:DR": "debit" },
};

function read(text: string, by: Mapping | null = null, currency = "EUR") {
  const { statement } = readStatementFile(bytes(text), currency, by);
  if (!statement) throw new Error("The layout is not known.");
  return statement;
}
const taken = (text: string, by: Mapping | null = null) =>
  read(text, by).credits.map(({ bookedOn, amountMinor, text: words }) => ({
    ...{ day: bookedOn, amountMinor },
    references: paymentReferencesIn(words),
  }));
const reasons = (text: string) => read(text).passed.map(({ passedOver }) => passedOver);

const line: SampleLine = { day: "2026-11-22", amountMinor: 21_000n, text: "Licence OFC-7K2M-9QXA thanks" };
const rent: SampleLine = { day: "2026-11-22", amountMinor: -80_000n, text: "Rent" };

const renderings: [string, (lines: readonly SampleLine[]) => string][] = [
  ["camt.053", (lines) => sample.camt(lines)],
  ["camt.053", (lines) => sample.camt(lines, { version: "02" })],
  ["mt940", (lines) => sample.mt940(lines)],
  ["csv:sparkasse-camt", (lines) => sample.sparkasse(lines)],
  ["csv:ing-nl-saldo", sample.ing],
  ["csv:n26", sample.n26],
  ["csv:revolut", (lines) => sample.revolut(lines)],
  ["csv:mapped", sample.anyCsv],
];

const anyLine = fc.record({
  day: fc.integer({ min: 0, max: 27 }).map((day) => `2026-11-${String(day + 1).padStart(2, "0")}`),
  amountMinor: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).filter((minor) => minor !== 0n),
  text: fc.constantFrom(
    "Licence OFC-7K2M-9QXA thanks",
    "ofc 7k2m 9qxb",
    "For the licence OFC-7K2M-9QXC",
    "Gift",
  ),
});

test.each(renderings)(
  "any statement written as %s gives the transfers that it was made of",
  (layout, render) => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), (lines) => {
        const statement = read(render(lines), layout === "csv:mapped" ? mapping : null);
        expect(statement.layout.startsWith(layout)).toBe(true);
        expect(taken(render(lines), layout === "csv:mapped" ? mapping : null)).toEqual(
          lines
            .filter(({ amountMinor }) => amountMinor > 0n)
            .map(({ day, amountMinor, text }) => ({
              day,
              amountMinor,
              references: paymentReferencesIn(text),
            })),
        );
        expect(statement.credits.length + statement.passed.length).toBe(lines.length);
        expect(new Set(statement.credits.map(({ key }) => key)).size).toBe(statement.credits.length);
      }),
      { numRuns: 60 },
    );
  },
);

test.each(renderings)(
  "%s: the same lines again, alone or with later ones, are the same transfers",
  (layout, render) => {
    const by = layout === "csv:mapped" ? mapping : null;
    const keys = (lines: readonly SampleLine[]) => read(render(lines), by).credits.map(({ key }) => key);
    const [once, again] = [
      keys([line, rent, line]),
      keys([line, rent, line, { ...line, day: "2026-11-23" }]),
    ];
    expect(new Set(once).size).toBe(2);
    expect(again.slice(0, 2)).toEqual(once);
    expect(new Set(again).size).toBe(3);
  },
);

describe("camt.053", () => {
  const one = (facts: Parameters<typeof sample.camtEntry>[1], sum = 21_000n) =>
    sample.camtOf([sample.camtEntry(line, facts)], sum);

  test.each(["02", "03", "04", "06", "08", "10", "13"])("is read in version 001.%s", (version) => {
    expect(taken(sample.camt([line], { version }))).toHaveLength(1);
  });

  test.each(["01", "14", "99"])("is not read in version 001.%s", (version) => {
    expect(() => read(sample.camt([line], { version }))).toThrow(unreadable());
  });

  test("a report or a notice is no statement", () => {
    for (const kind of ["camt.052", "camt.054"])
      expect(() => read(sample.camt([line]).replace("camt.053", kind))).toThrow(unreadable("Line 2"));
  });

  test.each(["PDNG", "INFO", "FUTR"])("an entry that is %s, in either form, is passed over", (status) => {
    for (const written of [status, `<Cd>${status}</Cd>`])
      expect(reasons(one({ status: written }, 0n))).toEqual(["not_booked"]);
  });

  test("a status, a side, a mark of reversal or an attribute that is not known refuses the file", () => {
    expect(() => read(one({ status: "BOOKED" }))).toThrow(unreadable("BOOKED"));
    expect(() => read(one({ status: "<Prtry>BOOK</Prtry>" }))).toThrow(unreadable("status"));
    expect(() => read(sample.camt([line]).replace(">CRDT</CdtDbtInd><Sts>", ">C</CdtDbtInd><Sts>"))).toThrow(
      unreadable("side"),
    );
    expect(() => read(one({ more: "<RvslInd>maybe</RvslInd>" }))).toThrow(unreadable("RvslInd"));
    expect(() => read(sample.camt([line]).replaceAll('Ccy="EUR"', 'ccy="EUR"'))).toThrow(unreadable("EUR"));
  });

  test("a reversal is passed over, also of a transfer that came back", () => {
    for (const value of ["true", "1"])
      expect(reasons(one({ more: `<RvslInd>${value}</RvslInd>` }))).toEqual(["reversal"]);
    expect(taken(one({ more: "<RvslInd>false</RvslInd>" }))).toHaveLength(1);
    expect(reasons(one({ inner: "<TxDtls><RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf></TxDtls>" }))).toEqual([
      "reversal",
    ]);
  });

  test("balances that the booked entries do not connect refuse the file, and so does a missing one", () => {
    expect(() => read(sample.camt([line], { closingMinor: 100_000n }))).toThrow(unreadable("opening"));
    expect(() => read(sample.camt([line]).replace("CLBD", "ITBD"))).toThrow(unreadable("CLBD"));
    expect(taken(sample.camt([line]).replace("OPBD", "PRCD"))).toHaveLength(1);
  });

  const part = (amount: string, words: string, side = "CRDT", reference = "") =>
    `<TxDtls><Refs>${reference}<EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><RmtInf><Ustrd>${words}</Ustrd></RmtInf></TxDtls>`;

  test("an entry of several transfers gives each, and they add up to it", () => {
    const inner =
      part("90.00", "OFC-7K2M-9QXA") + part("90.00", "OFC-7K2M-9QXA") + part("30.00", "OFC-7K2M-9QXB");
    const credits = read(one({ inner })).credits;
    expect(credits.map(({ amountMinor }) => amountMinor)).toEqual([9_000n, 9_000n, 3_000n]);
    expect(new Set(credits.map(({ key }) => key)).size).toBe(3);
    expect(() => read(one({ inner: inner.replace("30.00", "30.01") }))).toThrow(unreadable("add up"));
    const mixed = part("220.00", "OFC-7K2M-9QXA") + part("10.00", "Fee", "DBIT");
    expect(read(one({ inner: mixed })).credits.map(({ amountMinor }) => amountMinor)).toEqual([22_000n]);
    expect(reasons(one({ inner: mixed }))).toEqual(["outgoing"]);
  });

  test("our reference is found cut into lines, structured, or as the reference from end to end", () => {
    for (const inner of [
      "<TxDtls><RmtInf><Ustrd>Licence OFC-7K2</Ustrd><Ustrd>M-9QXA now</Ustrd></RmtInf></TxDtls>",
      "<TxDtls><RmtInf><Strd><CdtrRefInf><Ref>OFC7K2M9QXA</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>",
      "<TxDtls><Refs><EndToEndId>OFC-7K2M-9QXA</EndToEndId></Refs></TxDtls>",
    ])
      expect(taken(one({ inner }))[0]?.references).toEqual(["OFC-7K2M-9QXA"]);
  });

  test("its reference of the bank makes a line the same in another statement, in any spelling", () => {
    const keyOf = (reference: string, id: string) =>
      read(sample.camt([{ ...line, reference }], { id })).credits[0]?.key;
    expect(keyOf("AB 12-34", "S1")).toBe(keyOf("ab1234", "S2"));
    expect(keyOf("AB 12-34", "S1")).not.toBe(keyOf("AB 12-35", "S1"));
  });

  const keysIn = (text: string) => read(text).credits.map(({ key }) => key);
  const numbered = (id: string, text: string, facts: { more?: string; refs?: string; reference?: string }) =>
    sample.camtOf(
      [
        sample.camtEntry(
          { ...line, text, ...(facts.reference ? { reference: facts.reference } : {}) },
          {
            more: facts.more ?? "",
            inner: `<TxDtls><Refs>${facts.refs ?? ""}</Refs><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`,
          },
        ),
      ],
      line.amountMinor,
      { id },
    );

  test.each([
    ["a number that begins anew in each statement", { more: "<NtryRef>1</NtryRef>" }],
    ["a payer's reference", { refs: "<EndToEndId>1</EndToEndId>" }],
    ["both", { more: "<NtryRef>1</NtryRef>", refs: "<EndToEndId>1</EndToEndId>" }],
  ])("lines that share %s are two, in one file and in two, and the same again are the same", (_, facts) => {
    const [one, other] = [numbered("S1", "OFC-AAAA-BBBB", facts), numbered("S2", "OFC-CCCC-DDDD", facts)];
    const both = [...keysIn(one), ...keysIn(other)];
    expect(new Set(both).size).toBe(2);
    expect(keysIn(sample.camtInOneFile(one, other))).toEqual(both);
    expect(keysIn(sample.camtInOneFile(other, one))).toEqual(both.toReversed());
    expect(keysIn(sample.camtInOneFile(one, numbered("S3", "OFC-AAAA-BBBB", facts)))).toEqual(keysIn(one));
  });

  test.each(["TxId", "UETR", "AcctSvcrRef"])(
    "%s names a line whatever number it has in a statement",
    (name) => {
      const own = (id: string, number: number, reference: string) =>
        numbered(id, line.text, {
          more: `<NtryRef>${number}</NtryRef>`,
          refs: `<${name}>${reference}</${name}><EndToEndId>1</EndToEndId>`,
        });
      expect(keysIn(own("S1", 1, "AB12"))).toEqual(keysIn(own("S2", 7, "ab 12")));
      expect(keysIn(sample.camtInOneFile(own("S1", 1, "AB12"), own("S2", 7, "AB12")))).toHaveLength(1);
      expect(keysIn(own("S1", 1, "AB12"))).not.toEqual(keysIn(own("S1", 1, "AB13")));
    },
  );

  test("lines of one file that differ are never one, even where the bank gives both one reference", () => {
    const facts = { reference: "AB12" };
    const [one, other] = [numbered("S1", "OFC-AAAA-BBBB", facts), numbered("S2", "OFC-CCCC-DDDD", facts)];
    expect(new Set(keysIn(sample.camtInOneFile(one, other))).size).toBe(2);
  });

  test("transfers of a collecting entry are told apart by what they say where only the entry has a reference", () => {
    const collection = (...words: string[]) =>
      keysIn(
        sample.camtOf(
          [
            sample.camtEntry(
              { ...line, reference: "BATCH1" },
              { inner: words.map((word) => part("105.00", word)).join("") },
            ),
          ],
          line.amountMinor,
        ),
      );
    const keys = collection("OFC-AAAA-BBBB", "OFC-CCCC-DDDD");
    expect(new Set(keys).size).toBe(2);
    expect(collection("OFC-CCCC-DDDD", "OFC-AAAA-BBBB")).toEqual(keys.toReversed());
  });

  test("any statements, each numbered from 1, show every line once, in one file, in several and again", () => {
    const words = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(words, fc.nat({ max: 12 }), (all, cut) => {
        const statement = (id: string, some: number[]) =>
          sample.camtOf(
            some.map((word, at) =>
              sample.camtEntry(
                { ...line, text: `Transfer ${word}` },
                { more: `<NtryRef>${at + 1}</NtryRef>` },
              ),
            ),
            line.amountMinor * BigInt(some.length),
            { id },
          );
        const [one, other] = [statement("S1", all.slice(0, cut)), statement("S2", all.slice(cut))];
        const keys = keysIn(sample.camtInOneFile(one, other));
        expect(new Set(keys).size).toBe(all.length);
        expect([...keysIn(one), ...keysIn(other)]).toEqual(keys);
        expect(keysIn(sample.camtInOneFile(sample.camtInOneFile(one, other), one))).toEqual(keys);
      }),
      { numRuns: 60 },
    );
  });

  test("a document type, an entity, a broken or a second document, and what is too deep are refused", () => {
    const good = sample.camt([line]);
    const withType = (type: string) => good.replace("?>", `?>\n${type}`);
    for (const bad of [
      withType('<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
      withType('<!DOCTYPE Document SYSTEM "file:///etc/passwd">'),
      good.replace("Licence", "&xxe;"),
      good.replace("</Stmt>", ""),
      `${good}<Document/>`,
      good.replace("Licence", "<a>".repeat(40) + "</a>".repeat(40)),
      good.replace('xmlns="urn', 'xmlns="urnx'),
      good.replace("UTF-8", "UTF-7"),
      "<",
    ])
      expect(() => read(bad)).toThrow(unreadable());
  });

  test("an account in another currency is no account of this installation", () => {
    expect(() => read(sample.camt([line]).replaceAll('"EUR"', '"USD"'))).toThrow(unreadable("EUR"));
  });
});

describe("MT940", () => {
  test("marks of reversal are no money that arrived, whichever way they go", () => {
    expect(reasons(sample.mt940([line], { mark: "RD" }))).toEqual(["reversal"]);
    expect(reasons(sample.mt940([line], { mark: "RC", closingMinor: 79_000n }))).toEqual(["reversal"]);
    expect(reasons(sample.mt940([line], { mark: "D", closingMinor: 79_000n }))).toEqual(["outgoing"]);
  });

  test("the third letter of the currency is no mark, and another one is refused", () => {
    expect(taken(sample.mt940([line], { mark: "CR" }))).toHaveLength(1);
    expect(() => read(sample.mt940([line], { mark: "CD" }))).toThrow(unreadable("funds code"));
    expect(() => read(sample.mt940([line], { mark: "EC" }))).toThrow(unreadable(":61:"));
  });

  test("balances that the lines do not connect refuse the file", () => {
    expect(() => read(sample.mt940([line], { closingMinor: 120_999n }))).toThrow(unreadable("opening"));
    expect(() => read(sample.mt940([line]).replace(/:62F:.*/, ""))).toThrow(unreadable(":62F:"));
    expect(() => read(sample.mt940([line]).replace(/(:60F:.*\r\n)/, "$1$1"))).toThrow(unreadable(":60F:"));
  });

  test.each([
    ["a field of another message", ":34F:EUR0,00\r\n:61:"],
    ["a line of no field", "hello\r\n:61:"],
    ["a day that does not exist", ":61:2602301122C1,00NTRFNONREF\r\n:61:"],
  ])("%s refuses the file", (_, instead) => {
    expect(() => read(sample.mt940([line]).replace(":61:", instead))).toThrow(unreadable("Line "));
  });

  test("the envelope of the network changes nothing", () => {
    const bare = sample.mt940([line]);
    const inEnvelope = `{1:F01AAAADEFFAXXX0000000000}{2:I940BBBBDEFFXXXXN}{4:\r\n${bare}}`;
    expect(read(inEnvelope).credits[0]?.key).toBe(read(bare).credits[0]?.key);
  });

  test("a day of entry near the turn of a year belongs to the nearest one", () => {
    const text = sample.mt940([{ ...line, day: "2026-12-31" }]).replace("2612311231C", "2612310102C");
    expect(taken(text)[0]?.day).toBe("2027-01-02");
  });

  test("letters beyond ASCII in an old encoding leave the rest readable", () => {
    const latin = Uint8Array.from(sample.mt940([{ ...line, text: "Grüße OFC-7K2M-9QXA" }]), (letter) =>
      letter.charCodeAt(0),
    );
    expect(readStatementFile(latin, "EUR", null).statement?.credits).toHaveLength(1);
  });
});

describe("CSV", () => {
  test("money that went out, is not booked, was taken back or is in another currency is passed over", () => {
    expect(reasons(sample.sparkasse([line], "Umsatz vorgemerkt"))).toEqual(["not_booked"]);
    for (const state of ["PENDING", "REVERTED", "DECLINED", "FAILED"])
      expect(reasons(sample.revolut([line], state))).toEqual(["not_booked"]);
    expect(reasons(sample.revolut([line], "COMPLETED", "USD"))).toEqual(["other_currency"]);
    for (const render of [sample.ing, sample.n26, sample.sparkasse, sample.revolut])
      expect(reasons(render([rent]))).toEqual(["outgoing"]);
  });

  test.each([
    ["a state", sample.revolut([line], "SETTLED"), "State"],
    ["a currency", sample.revolut([line], "COMPLETED", "EURO"), "Currency"],
    ["a side", sample.ing([line]).replace('"Bij"', '"In"'), "Af Bij"],
    ["a signed amount beside a side", sample.ing([line]).replace('"210,00"', '"-210,00"'), "Bedrag"],
    ["an amount of the other notation", sample.n26([line]).replace("210.00", "210,00"), "Amount"],
    ["a finer amount than the currency has", sample.n26([line]).replace("210.00", "210.001"), "Amount"],
    ["a day that does not exist", sample.n26([line]).replaceAll("2026-11-22", "2026-11-31"), "Booking Date"],
  ])("%s that is not known refuses the file with line and column", (_, text, column) => {
    expect(() => read(text)).toThrow(unreadable("Line 2"));
    expect(() => read(text)).toThrow(unreadable(column));
  });

  test("a layout is known by its whole first line, and by nothing less", () => {
    for (const { header, delimiter } of namedLayouts)
      for (const change of [[...header, "More"], header.slice(1), [...header].reverse()])
        expect(readStatementFile(bytes(`${change.join(delimiter)}\n`), "EUR", null).table).not.toBeNull();
  });

  test("every layout names one day, one amount and a text, with a role for each column", () => {
    for (const { header, roles } of namedLayouts) {
      expect(roles).toHaveLength(header.length);
      for (const role of ["date", "amount"]) expect(roles.filter((one) => one === role)).toHaveLength(1);
      expect(roles).toContain("text");
    }
  });

  test("of a file that is not known nothing is read without a mapping", () => {
    expect(readStatementFile(bytes(sample.anyCsv([line])), "EUR", null)).toMatchObject({ statement: null });
  });

  test("a list without rows for its columns, in bytes of no text, or too long is refused", () => {
    for (const text of ["", "a", "a;b\n1;2;3", `${sample.n26([])}\n${"x\n".repeat(10_001)}`, "a;b\n\0;1"])
      expect(() => readStatementFile(bytes(text), "EUR", mapping)).toThrow(unreadable());
    const long = sample.n26(Array.from({ length: 10_001 }, () => line));
    expect(() => read(long)).toThrow(unreadable("10,000"));
  });
});

describe("a mapping", () => {
  const csv = sample.anyCsv([line, rent]);
  const incomplete = (change: Partial<Mapping>, message: string, text = csv) =>
    expect(() => readStatementFile(bytes(text), "EUR", { ...mapping, ...change })).toThrow(
      code("mapping_incomplete", message),
    );

  test("names one day, one amount and a text, and the meaning of every word of a side", () => {
    incomplete({ roles: ["date", "text", "amount"] }, "every column");
    incomplete({ roles: ["text", "text", "amount", "side"] }, "day");
    incomplete({ roles: ["date", "amount", "amount", "side"] }, "amount");
    incomplete({ roles: ["date", "ignored", "amount", "side"] }, "payer");
    incomplete({ meanings: { "side:CR": "credit" } }, "DR");
    incomplete({ meanings: { ...mapping.meanings, "side:DR": "booked" } }, "DR");
  });

  test.each([
    ["CR", "side"],
    ["Haben", "side"],
    ["PENDING", "status"],
    ["Reverted", "status"],
    ["USD", "currency"],
  ])("leaves out no column of %s, which looks like a %s", (word, kind) => {
    incomplete(
      { roles: ["date", "text", "amount", "ignored"] },
      kind,
      `A,B,C,D\n2026-11-22,OFC,1.00,${word}\n`,
    );
  });

  test("reads a column of currencies by the strictest of them", () => {
    const text = "A,B,C,D,E\n2026-11-22,x,1.00,EUR,USD\n2026-11-22,x,1.00,EUR,EUR\n";
    const by: Mapping = { ...mapping, roles: ["date", "text", "amount", "currency", "currency"] };
    expect(read(text, by).passed.map(({ passedOver }) => passedOver)).toEqual(["other_currency"]);
  });

  test("keeps rows apart that differ, whatever the column of references holds", () => {
    const by: Mapping = { ...mapping, roles: ["date", "text", "amount", "reference"] };
    const keys = (...words: string[]) =>
      read(`A,B,C,D\n${words.map((word) => `2026-11-22,${word},50.00,1\n`).join("")}`, by).credits.map(
        ({ key }) => key,
      );
    const [one, other] = [keys("OFC-AAAA-BBBB"), keys("OFC-CCCC-DDDD")];
    expect(one).not.toEqual(other);
    expect(keys("OFC-AAAA-BBBB", "OFC-CCCC-DDDD")).toEqual([...one, ...other]);
  });

  test("takes no balance for an amount, since it reads the amount's column alone", () => {
    const text = "A,B,C,D\n2026-11-22,OFC-7K2M-9QXA,1.00,210.00\n";
    const by: Mapping = { ...mapping, roles: ["date", "text", "amount", "ignored"] };
    expect(taken(text, by)[0]?.amountMinor).toBe(100n);
  });
});

test("a statement of another account is refused where both are known", () => {
  const { account } = read(sample.camt([line]));
  requireOwnAccount({ account }, `Offcut, IBAN ${sample.OWN_IBAN}`);
  requireOwnAccount({ account }, "Offcut, at our bank");
  requireOwnAccount({ account: null }, `Offcut, IBAN ${sample.OWN_IBAN}`);
  expect(() => requireOwnAccount({ account }, "Offcut, IBAN NL02 ABNA 0123 4567 89")).toThrow(
    code("statement_of_other_account"),
  );
});

test("days that were read in one layout are not read in another", () => {
  const statement = read(sample.camt([line]));
  const earlier = { layout: "mt940", account: null, firstDay: "2026-11-20", lastDay: "2026-11-22" };
  expect(() => requireOtherDays(statement, [earlier])).toThrow(code("days_read_otherwise"));
  requireOtherDays(statement, [{ ...earlier, lastDay: "2026-11-21" }]);
  requireOtherDays(statement, [{ ...earlier, layout: "camt.053" }]);
  requireOtherDays(statement, [{ ...earlier, account: "NL02ABNA0123456789" }]);
});

test("whatever is handed in is read or refused in a sentence, and never fails otherwise", () => {
  const seeds = renderings.map(([, render]) => render([line, rent]));
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.nat(), fc.nat(200), fc.string(), (text, at, length, put) => {
      const start = at % text.length;
      try {
        readStatementFile(bytes(text.slice(0, start) + put + text.slice(start + length)), "EUR", mapping);
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(statement_unreadable|mapping_incomplete)$/) as string,
        });
      }
    }),
    { numRuns: 500 },
  );
});
