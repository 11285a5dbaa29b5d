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
  /** The line's reference in its one spelling, or null. */
  bankReference: string | null;
  /** Whether the bank itself gave it for good; others begin anew with each statement, or are the payer's choice. */
  isReferenceOwn: boolean;
  /** The line as the bank wrote it, without its number in the statement: what tells apart lines of no own reference. */
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
 * Puts the statements of a file together. A line's identity is the account, day, amount and the bank's own reference;
 * with any other reference also the digest of the line, and without one the digest and the statement. Equal lines of
 * one statement are counted, since the bank's balance counts each. Statements of one file that show the same line show
 * one line; lines of one file whose `raw` differs are never one.
 */
export function statementOf(layout: string, sections: readonly Section[]): Statement {
  const credits = new Map<string, Credit>();
  const ordinals = new Map<string, number>();
  const passed: Movement[] = [];
  for (const { id, account, movements } of sections) {
    const seen = new Map<string, number>();
    for (const movement of movements) {
      if (movement.passedOver !== null) {
        passed.push(movement);
        continue;
      }
      const digest = sha256(movement.raw);
      const facts = factsOf(movement, account, id, digest);
      const same = countIn(seen, `${facts} ${digest}`);
      const line = `${facts} ${digest} ${same}`;
      if (credits.has(line)) continue;
      const key = sha256(`${facts} ${countIn(ordinals, facts)}`);
      credits.set(line, { ...movement, passedOver: null, key });
    }
  }
  const accounts = new Set(sections.map(({ account }) => account));
  const account = accounts.size === 1 ? ([...accounts][0] ?? null) : null;
  return { layout, account, credits: [...credits.values()], passed };
}

function factsOf(
  { bankReference, isReferenceOwn, bookedOn, amountMinor }: Movement,
  account: string | null,
  statementId: string,
  digest: string,
): string {
  let name = ["line", statementId, digest];
  if (bankReference) name = isReferenceOwn ? ["own", bankReference] : ["other", bankReference, digest];
  return JSON.stringify([account, ...name, bookedOn, String(amountMinor)]);
}

/** How many of this there were before. */
function countIn(counts: Map<string, number>, what: string): number {
  const before = counts.get(what) ?? 0;
  counts.set(what, before + 1);
  return before;
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
