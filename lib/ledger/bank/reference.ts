import { refuseUnless } from "@/lib/shared/domain-error";

/** What tells no two references apart: spaces, dashes, control and format characters. */
const NOTHING = String.raw`[\p{Z}\p{C}\p{Pd}\u2212]*`;
const LETTER = "[2-9A-HJ-NP-Z]";
const REFERENCE = new RegExp(
  `${[..."OFC", ...Array<string>(8).fill(LETTER)].join(NOTHING)}(?![0-9A-Z])`,
  "gu",
);

/**
 * The one spelling of a bank's reference: without spaces, dashes, control and format characters, in capitals, full-width
 * and other compatible forms folded (NFKC). Null where nothing is left, more than 140 characters are, or others than
 * A-Z, 0-9 and / . + : ? ( ) ' , which are all that a bank writes.
 */
export function normalReference(written: string): string | null {
  const bare = written.normalize("NFKC").replace(/[\p{Z}\p{C}\p{Pd}\u2212]/gu, "");
  return /^[A-Za-z0-9/.+:?()',]{1,140}$/.test(bare) ? bare.toUpperCase() : null;
}

/** The same for a reference that somebody typed. Throws `reference_invalid`. */
export function requireReference(written: string): string {
  const reference = normalReference(written);
  refuseUnless(
    reference !== null && reference.length >= 3,
    "reference_invalid",
    "Write the bank’s reference as it stands there: letters, digits and / . + : ? ( ) ' , alone, three at least.",
  );
  return reference;
}

/** Our payment references in what a payer wrote, each once and as we write them, in any spelling or line break. */
export function paymentReferencesIn(text: string): string[] {
  const found = text.normalize("NFKC").toUpperCase().matchAll(REFERENCE);
  return [...new Set([...found].map(([one]) => writtenAsOurs(one)))];
}

/** The one reference of ours in a text; null for none and for several, which may be meant for either. */
export function onlyPaymentReference(text: string): string | null {
  const [first, ...others] = paymentReferencesIn(text);
  return others.length === 0 ? (first ?? null) : null;
}

function writtenAsOurs(found: string): string {
  const letters = found.replace(/[^0-9A-Z]/g, "").slice(3);
  return `OFC-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
