import { type Movement, type PassedOver, type Section, dayOf, readAmount, unreadable } from "./movement";
import { normalReference } from "./reference";
import { type Element, at, canonical, childrenOf, readXml, textAt, textsBelow } from "./xml-tree";

/** Statements (camt.053) in the versions that ISO 20022 has published; a report (052) or a notice (054) books nothing. */
const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-3])$/;
/** Where a payer's words and references stand. */
const TEXTS = ["Ustrd", "AddtlRmtInf", "Ref", "EndToEndId", "AddtlTxInf", "AddtlNtryInf"];
/** What the bank itself calls a transfer, for good. */
const OWN_REFERENCES = ["AcctSvcrRef", "TxId", "UETR"];
const NO_REFERENCE = /^(NOTPROVIDED|NONREF|NOREF)$/;

/**
 * Reads a bank's statement by ISO 20022, camt.053.001.02 to .13. Each account is in the installation's currency, and its
 * booked entries lead from the opening balance to the closing one. An entry that collects several transfers gives one
 * movement for each, and their amounts add up to the entry's. Throws `statement_unreadable`.
 */
export function readCamt(text: string, currency: string): Section[] {
  const document = readXml(text);
  const message = at(document, "BkToCstmrStmt");
  if (!NAMESPACE.test(document.namespace) || document.name !== "Document" || !message)
    throw unreadable(document.line, "This is no statement camt.053, version 001.02 to 001.13.");
  return childrenOf(message, "Stmt").map((statement) => sectionOf(statement, currency));
}

function sectionOf(statement: Element, currency: string): Section {
  const entries = childrenOf(statement, "Ntry");
  const sums = entries.map((entry) => ({ entry, ...entryFacts(entry, currency) }));
  const booked = sums
    .filter(({ status }) => status === "BOOK")
    .reduce((sum, { isCredit, amountMinor }) => sum + (isCredit ? amountMinor : -amountMinor), 0n);
  const opening = balanceOf(statement, ["OPBD", "PRCD"], currency);
  const closing = balanceOf(statement, ["CLBD"], currency);
  if (opening + booked !== closing)
    throw unreadable(
      statement.line,
      "The booked entries do not lead from the opening balance to the closing one.",
    );
  const account = at(statement, "Acct", "Id");
  const number = textAt(account, "IBAN") ?? textAt(account, "Othr", "Id");
  return {
    id: JSON.stringify([textAt(statement, "Id"), sequenceOf(statement)]),
    account: number ? normalReference(number) : null,
    movements: sums.flatMap(({ entry, ...facts }) => movementsOf(entry, facts, currency)),
  };
}

function sequenceOf(statement: Element): string | undefined {
  return textAt(statement, "ElctrncSeqNb") ?? textAt(statement, "LglSeqNb");
}

function balanceOf(statement: Element, codes: readonly string[], currency: string): bigint {
  for (const code of codes) {
    const found = childrenOf(statement, "Bal").find(
      (balance) => textAt(balance, "Tp", "CdOrPrtry", "Cd") === code,
    );
    if (found) return sideOf(found) === "CRDT" ? amountOf(found, currency) : -amountOf(found, currency);
  }
  throw unreadable(statement.line, `There is no balance ${codes.join(" or ")}.`);
}

type EntryFacts = { status: string; isCredit: boolean; amountMinor: bigint };

function entryFacts(entry: Element, currency: string): EntryFacts {
  const status = textAt(entry, "Sts", "Cd") ?? textAt(entry, "Sts");
  if (!status || !["BOOK", "PDNG", "INFO", "FUTR"].includes(status))
    throw unreadable(entry.line, `The status (Sts) “${status ?? ""}” is not known.`);
  return { status, isCredit: sideOf(entry) === "CRDT", amountMinor: amountOf(entry, currency) };
}

function sideOf(element: Element): "CRDT" | "DBIT" {
  const side = textAt(element, "CdtDbtInd");
  if (side !== "CRDT" && side !== "DBIT")
    throw unreadable(element.line, `The side (CdtDbtInd) “${side ?? ""}” is not known.`);
  return side;
}

/** The amount of an entry, balance or transfer. */
function amountOf(element: Element, currency: string, amount = at(element, "Amt")): bigint {
  const written = amount?.text ?? "";
  if (amount?.attributes["Ccy"] !== currency)
    throw unreadable(element.line, `An amount (Amt) is not in ${currency}.`);
  const minor = /^[\d.]+$/.test(written) ? readAmount(written, currency, ".") : null;
  if (minor === null) throw unreadable(element.line, `“${written}” is no amount of ${currency}.`);
  return minor;
}

function isTrue(element: Element, name: string): boolean {
  const written = textAt(element, name);
  if (written === undefined || written === "false" || written === "0") return false;
  if (written === "true" || written === "1") return true;
  throw unreadable(element.line, `“${written}” (${name}) is neither true nor false.`);
}

function movementsOf(entry: Element, facts: EntryFacts, currency: string): Movement[] {
  const details = childrenOf(entry, "NtryDtls").flatMap((one) => childrenOf(one, "TxDtls"));
  const parts = details.length === 0 ? [entry] : details;
  const amounts = details.map((one) => detailAmount(one, details.length, facts, currency));
  const sum = amounts.reduce((total, one) => total + one, 0n);
  if (details.length > 0 && sum !== facts.amountMinor)
    throw unreadable(entry.line, "The transfers of this entry do not add up to its amount.");
  const isCollection = details.length > 1;
  // One entry has another number in another statement.
  const head = canonical(without(entry, isCollection ? ["NtryRef", "NtryDtls"] : ["NtryRef"]));
  return parts.map((part, index): Movement => {
    const amountMinor = amounts[index] ?? facts.amountMinor;
    return {
      line: part.line,
      bookedOn: bookingDay(entry),
      amountMinor: amountMinor < 0n ? -amountMinor : amountMinor,
      ...referenceOf(entry, part, isCollection),
      raw: isCollection ? head + canonical(part) : head,
      text: [...textsBelow(part, TEXTS), ...(part === entry ? [] : addedTo(entry))].join("\n"),
      passedOver: whyPassedOver(entry, part, facts, amountMinor),
    };
  });
}

/** What a transfer adds to its entry: minor units, below zero on the other side. */
function detailAmount(detail: Element, count: number, facts: EntryFacts, currency: string): bigint {
  // Up to version 001.02 a transfer has no amount of its own but the one of its details.
  const amount = at(detail, "Amt") ?? at(detail, "AmtDtls", "TxAmt", "Amt");
  if (!amount && count === 1) return facts.amountMinor;
  const minor = amountOf(detail, currency, amount);
  const isCredit = at(detail, "CdtDbtInd") ? sideOf(detail) === "CRDT" : facts.isCredit;
  return isCredit === facts.isCredit ? minor : -minor;
}

function whyPassedOver(
  entry: Element,
  part: Element,
  { status, isCredit }: EntryFacts,
  partMinor: bigint,
): PassedOver | null {
  if (status !== "BOOK") return "not_booked";
  if (partMinor === 0n) return "zero";
  if (isCredit !== partMinor > 0n) return "outgoing";
  return isTrue(entry, "RvslInd") || at(part, "RtrInf") ? "reversal" : null;
}

function bookingDay(entry: Element): string {
  const written = textAt(entry, "BookgDt", "Dt") ?? textAt(entry, "BookgDt", "DtTm");
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d\d)-(\d\d)/.exec(written ?? "") ?? [];
  const found = dayOf(year, month, day);
  // What is not booked yet has no day of booking, and is not taken.
  if (!found && (textAt(entry, "Sts", "Cd") ?? textAt(entry, "Sts")) === "BOOK")
    throw unreadable(entry.line, `“${written ?? ""}” (BookgDt) is no day.`);
  return found ?? "";
}

/** The bank's own reference, or else another; inside a collecting entry the entry's alone names no single transfer. */
function referenceOf(
  entry: Element,
  part: Element,
  isCollection: boolean,
): Pick<Movement, "bankReference" | "isReferenceOwn"> {
  const refs = at(part, "Refs");
  const [ofEntry] = referencesIn(entry, ["AcctSvcrRef"]);
  const ofPart = referencesIn(refs, OWN_REFERENCES).find((one) => one !== ofEntry);
  const both = ofEntry && ofPart ? normalReference(`${ofEntry}/${ofPart}`) : ofPart;
  const own = isCollection ? both : (ofEntry ?? ofPart);
  if (own) return { bankReference: own, isReferenceOwn: true };
  const others = [...referencesIn(entry, ["AcctSvcrRef", "NtryRef"]), ...referencesIn(refs, ["EndToEndId"])];
  return { bankReference: others[0] ?? null, isReferenceOwn: false };
}

function referencesIn(element: Element | undefined, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const reference = normalReference(textAt(element, name) ?? "");
    return reference && !NO_REFERENCE.test(reference) ? [reference] : [];
  });
}

function without(entry: Element, names: readonly string[]): Element {
  return { ...entry, children: entry.children.filter(({ name }) => !names.includes(name)) };
}

function addedTo(entry: Element): string[] {
  return childrenOf(entry, "AddtlNtryInf").map(({ text }) => text);
}
