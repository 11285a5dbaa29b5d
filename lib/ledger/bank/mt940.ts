import { type Movement, type PassedOver, type Section, dayOf, readAmount, unreadable } from "./movement";
import { normalReference } from "./reference";

/** A field of a message: its tag, its lines, and where the first of them stands in the file. */
type Field = { tag: string; text: string; line: number };

const TAGS = new Set([
  "20",
  "21",
  "25",
  "25P",
  "28",
  "28C",
  "60F",
  "60M",
  "61",
  "86",
  "62F",
  "62M",
  "64",
  "65",
]);
/** Value day, day of entry, mark, the currency's third letter, amount, kind, the customer's and the bank's reference. */
const LINE_61 =
  /^(\d\d)(\d\d)(\d\d)(\d{4})?(RC|RD|C|D)([A-Z])?(\d{1,13},\d{0,4})([NSF][A-Z0-9]{3})((?:(?!\/\/)[^\n]){0,16})(?:\/\/([^\n]{0,34}))?(?:\n[^]*)?$/;
const BALANCE = /^([CD])(\d\d)(\d\d)(\d\d)([A-Z]{3})(\d{1,13},\d{0,4})$/;

/**
 * Reads a bank's statement by SWIFT, MT940, with or without its envelope. Each message is in the installation's
 * currency, and its lines lead from the opening balance (:60F:, :60M:) to the closing one (:62F:, :62M:). Marks C and D
 * are bookings; RC takes a credit back and RD a debit. Throws `statement_unreadable`, also for a field that is no part
 * of MT940.
 */
export function readMt940(text: string, currency: string): Section[] {
  const messages: Field[][] = [];
  for (const field of fieldsOf(text)) {
    if (field.tag === "20") messages.push([]);
    const message = messages.at(-1);
    if (!message) throw unreadable(field.line, "A message begins with :20:.");
    message.push(field);
  }
  return messages.map((message) => sectionOf(message, currency));
}

function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  for (const [index, written] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    // The envelope: {1:…}{2:…}{4: before a message, "-" or "-}" after it.
    const bare = written.startsWith("{") ? written.split("{4:").slice(1).join("{4:") : written;
    if (/^(-|-\}.*|\s*)$/.test(bare)) continue;
    const [, tag, content = ""] = /^:(\d\d[A-Z]?):(.*)$/.exec(bare) ?? [];
    const last = fields.at(-1);
    if (tag !== undefined) {
      if (!TAGS.has(tag)) throw unreadable(line, `:${tag}: is no field of MT940.`);
      fields.push({ tag, text: content, line });
    } else if (last && (last.tag === "86" || last.tag === "61")) last.text += `\n${bare}`;
    else throw unreadable(line, "This line belongs to no field.");
  }
  return fields;
}

function sectionOf(message: readonly Field[], currency: string): Section {
  const field = (...tags: string[]) => {
    const found = message.filter(({ tag }) => tags.includes(tag));
    const line = found[1]?.line ?? message[0]?.line ?? 1;
    const [only] = found;
    if (!only || found.length > 1)
      throw unreadable(line, `A message has one field :${tags.join(": or :")}:.`);
    return only;
  };
  const opening = field("60F", "60M");
  const closing = field("62F", "62M");
  const lines = message.flatMap((one, index) =>
    one.tag === "61" ? [lineOf(one, message[index + 1], currency)] : [],
  );
  const sum = lines.reduce((total, { signedMinor }) => total + signedMinor, 0n);
  if (balanceOf(opening, currency) + sum !== balanceOf(closing, currency))
    throw unreadable(closing.line, "The lines do not lead from the opening balance to the closing one.");
  return {
    id: JSON.stringify([field("20").text, field("28", "28C").text, opening.text]),
    account: normalReference(field("25", "25P").text),
    movements: lines.map(({ movement }) => movement),
  };
}

function balanceOf({ text, line }: Field, currency: string): bigint {
  const [, mark, year = "", month = "", day = "", code, amount = ""] = BALANCE.exec(text.trim()) ?? [];
  const minor = readAmount(amount, currency, ",");
  if (code !== currency || minor === null || !dayOf(`20${year}`, month, day))
    throw unreadable(line, `This is no balance in ${currency}.`);
  return mark === "C" ? minor : -minor;
}

const MARKS: Record<string, { sign: bigint; passedOver: PassedOver | null }> = {
  C: { sign: 1n, passedOver: null },
  D: { sign: -1n, passedOver: "outgoing" },
  RC: { sign: -1n, passedOver: "reversal" },
  RD: { sign: 1n, passedOver: "reversal" },
};

function lineOf(field: Field, next: Field | undefined, currency: string) {
  const found = LINE_61.exec(field.text);
  const [, year = "", month = "", day = "", entered, mark = "", third, amount = ""] = found ?? [];
  const rules = MARKS[mark];
  const amountMinor = readAmount(amount, currency, ",");
  const valueDay = dayOf(`20${year}`, month, day);
  const bookedOn = valueDay && entered ? nearestDay(valueDay, entered) : valueDay;
  if (!found || !rules || amountMinor === null || !bookedOn)
    throw unreadable(field.line, "This is no line :61: with a day, a mark C, D, RC or RD and an amount.");
  if (third !== undefined && third !== currency[2])
    throw unreadable(field.line, `The funds code ${third} is not the one of ${currency}.`);
  const customer = found[9]?.trim() ?? "";
  const bank = normalReference(found[10] ?? "");
  const information = next?.tag === "86" ? next.text : "";
  const movement: Movement = {
    ...{ line: field.line, bookedOn, amountMinor },
    bankReference: bank && !/^(NONREF|0+)$/.test(bank) ? bank : null,
    isReferenceOwn: true,
    raw: `${field.text}\n${information}`,
    text: `${customer}\n${withoutCodes(information)}`,
    passedOver: amountMinor === 0n ? "zero" : rules.passedOver,
  };
  return { movement, signedMinor: rules.sign * amountMinor };
}

/** The day of entry has no year: the one that lies nearest to the value day. */
function nearestDay(valueDay: string, monthAndDay: string): string | null {
  const year = Number(valueDay.slice(0, 4));
  const days = [year - 1, year, year + 1].flatMap(
    (one) => dayOf(String(one), monthAndDay.slice(0, 2), monthAndDay.slice(2)) ?? [],
  );
  const distance = (one: string) => Math.abs(Date.parse(one) - Date.parse(valueDay));
  return days.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** Banks cut what a payer wrote into pieces ?20 to ?29 and ?60 to ?63, in the middle of words. */
function withoutCodes(information: string): string {
  return information.replaceAll("\n", "").replace(/\?(2\d|6[0-3])/g, "");
}
