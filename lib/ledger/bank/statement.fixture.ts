import { decimalString } from "@/lib/shared/money";

/** A line of a made-up statement; `amountMinor` above zero came in, below went out. Euro. */
export type SampleLine = { day: string; amountMinor: bigint; text: string; reference?: string };

export const OWN_IBAN = "DE89370400440532013000";

const absolute = (minor: bigint) => (minor < 0n ? -minor : minor);
const point = (minor: bigint) => decimalString(minor, 2);
const comma = (minor: bigint) => point(minor).replace(".", ",");
const sumOf = (lines: readonly SampleLine[]) => lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`);

/** An entry of camt.053; `inner` stands beside the text, `status` as the version writes it. */
export function camtEntry(
  line: SampleLine,
  { status = "<Cd>BOOK</Cd>", more = "", inner = "" } = {},
): string {
  return [
    `<Ntry><Amt Ccy="EUR">${point(absolute(line.amountMinor))}</Amt>`,
    `<CdtDbtInd>${line.amountMinor > 0n ? "CRDT" : "DBIT"}</CdtDbtInd>${more}<Sts>${status}</Sts>`,
    `<BookgDt><Dt>${line.day}</Dt></BookgDt>`,
    line.reference ? `<AcctSvcrRef>${xml(line.reference)}</AcctSvcrRef>` : "",
    `<NtryDtls>${inner || `<TxDtls><RmtInf><Ustrd>${xml(line.text)}</Ustrd></RmtInf></TxDtls>`}</NtryDtls></Ntry>`,
  ].join("\n");
}

type CamtFacts = {
  version?: string;
  id?: string;
  iban?: string;
  openingMinor?: bigint;
  closingMinor?: bigint;
};

/** A statement of these entries; they sum up to the difference of the balances unless told otherwise. */
export function camtOf(entries: readonly string[], sumMinor: bigint, facts: CamtFacts = {}): string {
  const { version = "08", id = "S1", iban = OWN_IBAN, openingMinor = 100_000n } = facts;
  const closing = facts.closingMinor ?? openingMinor + sumMinor;
  const balance = (code: string, minor: bigint) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${point(absolute(minor))}</Amt>` +
    `<CdtDbtInd>${minor < 0n ? "DBIT" : "CRDT"}</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>`,
    "<GrpHdr><MsgId>M1</MsgId></GrpHdr>",
    `<Stmt><Id>${id}</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>${iban}</IBAN></Id></Acct>`,
    ...[balance("OPBD", openingMinor), balance("CLBD", closing), ...entries],
    "</Stmt></BkToCstmrStmt></Document>",
  ].join("\n");
}

export function camt(lines: readonly SampleLine[], facts: CamtFacts = {}): string {
  const entries = lines.map((line) =>
    camtEntry(line, { status: facts.version === "02" ? "BOOK" : "<Cd>BOOK</Cd>" }),
  );
  return camtOf(entries, sumOf(lines), facts);
}

/** The statements of two files of camt.053 as one file. */
export function camtInOneFile(one: string, other: string): string {
  const end = "</BkToCstmrStmt>";
  return one.replace(end, () => other.slice(other.indexOf("<Stmt>"), other.indexOf(end)) + end);
}

/** The same as MT940, what the payer wrote cut into pieces of 27 letters as German banks do. */
export function mt940(
  lines: readonly SampleLine[],
  { mark = "", closingMinor = null as bigint | null } = {},
): string {
  const short = (day: string) => day.slice(2).replaceAll("-", "");
  const balance = (minor: bigint) => `${minor < 0n ? "D" : "C"}261122EUR${comma(absolute(minor))}`;
  const pieces = (text: string) => (text.match(/.{1,27}/gs) ?? []).map((piece, at) => `?2${at}${piece}`);
  return [
    ...[":20:STARTUMSE", ":25:37040044/0532013000", ":28C:00007/001", `:60F:${balance(100_000n)}`],
    ...lines.flatMap(({ day, amountMinor, text, reference }) => [
      `:61:${short(day)}${short(day).slice(2)}${mark || (amountMinor > 0n ? "C" : "D")}${comma(absolute(amountMinor))}NTRFNONREF${reference ? `//${reference}` : ""}`,
      `:86:166?00GUTSCHRIFT${pieces(text).join("")}`,
    ]),
    ...[`:62F:${balance(closingMinor ?? 100_000n + sumOf(lines))}`, "-"],
  ].join("\r\n");
}

export const sparkasse = (lines: readonly SampleLine[], info = "Umsatz gebucht"): string =>
  [
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"',
    ...lines.map(({ day, amountMinor, text }) => {
      const german = `${day.slice(8)}.${day.slice(5, 7)}.${day.slice(2, 4)}`;
      const before = [
        OWN_IBAN,
        german,
        german,
        "GUTSCHRIFT",
        text,
        "",
        "",
        "",
        "",
        "",
        "",
        "A Payer",
        "",
        "",
      ];
      return quoted([...before, comma(amountMinor), "EUR", info]).join(";");
    }),
  ].join("\n");

export const ing = (lines: readonly SampleLine[]): string =>
  [
    '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"',
    ...lines.map(({ day, amountMinor, text }) => {
      const side = amountMinor > 0n ? "Bij" : "Af";
      const before = [day.replaceAll("-", ""), "A Payer", "NL02ABNA0123456789", "", "OV", side];
      return quoted([...before, comma(absolute(amountMinor)), "Overschrijving", text, "1,00", ""]).join(";");
    }),
  ].join("\n");

export const n26 = (lines: readonly SampleLine[]): string =>
  [
    '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"',
    ...lines.map(({ day, amountMinor, text }) =>
      quoted([day, day, "A Payer", "", "Credit Transfer", text, "Main", point(amountMinor), "", "", ""]).join(
        ",",
      ),
    ),
  ].join("\n");

export const revolut = (lines: readonly SampleLine[], state = "COMPLETED", currency = "EUR"): string =>
  [
    "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance",
    ...lines.map(({ day, amountMinor, text }) => {
      const facts = [`${day} 09:00:00`, `${day} 10:00:00`, text, point(amountMinor), "0.00", currency];
      return quoted(["TOPUP", "Current", ...facts, state, "2000.00"]).join(",");
    }),
  ].join("\n");

/** A list of no known layout. */
export const anyCsv = (lines: readonly SampleLine[]): string =>
  [
    "Booked,Words,Sum,Side",
    ...lines.map(({ day, amountMinor, text }) =>
      quoted([day, text, point(absolute(amountMinor)), amountMinor > 0n ? "CR" : "DR"]).join(","),
    ),
  ].join("\n");
