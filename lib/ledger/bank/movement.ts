import { createHash } from "node:crypto";
import { DomainError } from "@/lib/shared/domain-error";
import { fractionDigits } from "@/lib/shared/money";

/** Why a line of a statement is no money that arrived. */
export type PassedOver = "outgoing" | "not_booked" | "reversal" | "other_currency" | "zero";

/** One line of a statement, or one transfer of a line that collects several. */
export type Movement = {
  /** Where it begins in the file, as an editor counts. */
  line: number;
  /** YYYY-MM-DD. */
  bookedOn: string;
  /** Above zero, unless it is passed over as that. */
  amountMinor: bigint;
  /** The bank's own reference in its one spelling, or null. */
  bankReference: string | null;
  /** The whole line as the bank wrote it: what tells it from others where the bank gives no reference. */
  raw: string;
  /** What the payer wrote, and everything else that may hold our reference. */
  text: string;
  /** Null for a booked credit in the installation's currency, not reversed. */
  passedOver: PassedOver | null;
};

/** Money that arrived, with its identity: the same in every file that shows the same line. */
export type Credit = Movement & { passedOver: null; key: string };

export type Statement = {
  /** How it was read, for example "camt.053" or "csv:ing-nl". */
  layout: string;
  /** The bank's account as the statement names it, in one spelling, or null. */
  account: string | null;
  credits: Credit[];
  passed: Movement[];
};

/** One statement of a file. `id` tells it from others where lines bear no reference. */
export type Section = { id: string; account: string | null; movements: Movement[] };

/** Refuses the file, naming the line and what is wrong there. */
export function unreadable(line: number, problem: string): DomainError {
  return new DomainError("statement_unreadable", `Line ${line}: ${problem} Nothing was read.`);
}

/**
 * Puts the statements of a file together. A line's identity is the account, the bank's reference, day and amount, or,
 * without a reference, the statement and the digest of the line; equal lines of one statement are counted, since the
 * bank's balance counts each. Statements of one file that show the same line show one line.
 */
export function statementOf(layout: string, sections: readonly Section[]): Statement {
  const credits = new Map<string, Credit>();
  const passed: Movement[] = [];
  for (const { id, account, movements } of sections) {
    const seen = new Map<string, number>();
    for (const movement of movements) {
      if (movement.passedOver !== null) {
        passed.push(movement);
        continue;
      }
      const { bankReference, bookedOn, amountMinor, raw } = movement;
      const name = bankReference ? ["reference", bankReference] : ["line", id, sha256(raw)];
      const facts = JSON.stringify([account, ...name, bookedOn, String(amountMinor)]);
      const ordinal = seen.get(facts) ?? 0;
      seen.set(facts, ordinal + 1);
      const key = sha256(`${facts} ${ordinal}`);
      if (!credits.has(key)) credits.set(key, { ...movement, passedOver: null, key });
    }
  }
  const accounts = new Set(sections.map(({ account }) => account));
  const account = accounts.size === 1 ? ([...accounts][0] ?? null) : null;
  return { layout, account, credits: [...credits.values()], passed };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * An amount as a file writes it, in minor units: digits, at most one decimal mark, in a CSV groups of three, and no more
 * decimals than the currency has, zeros aside. Null for anything else; the sign is the caller's.
 */
export function readAmount(written: string, currency: string, decimal: "." | ","): bigint | null {
  const group = decimal === "." ? "[,'’ ]" : "[.'’ ]";
  const shape = new RegExp(`^(\\d{1,15}|\\d{1,3}(?:${group}\\d{3}){1,4})(?:\\${decimal}(\\d{0,9}))?$`);
  const [, whole, fraction = ""] = shape.exec(written.replace(/[\u00a0\u202f]/g, " ")) ?? [];
  if (whole === undefined) return null;
  const digits = fractionDigits(currency);
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  return BigInt(whole.replace(/\D/g, "") + fraction.slice(0, digits).padEnd(digits, "0"));
}

/** YYYY-MM-DD of a day that exists, in this century; null otherwise. */
export function dayOf(year: string, month: string, day: string): string | null {
  const iso = `${year}-${month}-${day}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time) || !/^20\d\d-/.test(iso)) return null;
  return new Date(time).toISOString().slice(0, 10) === iso ? iso : null;
}
