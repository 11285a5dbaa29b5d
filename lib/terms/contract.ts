import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { partNames } from "@/lib/catalogue/part";
import { rightsSchema } from "@/lib/catalogue/rights";
import { toHex } from "@/lib/shared/encoding";
import { canonicalJson } from "@/lib/shared/jcs";
import { refuseUnless } from "@/lib/shared/domain-error";
import { clockHours } from "./clock-hours";

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const person = z.object({ accountId: z.string(), name: z.string() });

export const contractFileSchema = z.object({
  path: z.string(),
  sha256: hex64,
  /** Decimal text: sizes may exceed what a JSON number holds. */
  sizeBytes: z.string().regex(/^\d+$/),
});
export type ContractFile = z.infer<typeof contractFileSchema>;

const subjectShape = {
  salt: hex64,
  seller: person,
  listing: z.object({ id: z.string(), title: z.string() }),
  version: z.object({ id: z.string(), number: z.int(), modelDigest: hex64.nullable() }),
  part: z.enum(partNames),
  files: z.array(contractFileSchema),
  price: z.object({ minor: z.string().regex(/^\d+$/), currency: z.string() }),
  termMonths: z.int().positive().nullable(),
  rights: rightsSchema,
};

/** What a seller signs once for one part: open to every buyer at this price. */
export const standingTermsSchema = z.object({
  format: z.literal("https://offcut.example/standing-offer/v1"),
  ...subjectShape,
});
export type StandingTerms = z.infer<typeof standingTermsSchema>;

/** What both parties of a deal sign. */
export const contractTermsSchema = z.object({
  format: z.literal("https://offcut.example/contract/v1"),
  dealId: z.string(),
  ...subjectShape,
  buyer: person,
  feeBasisPoints: z.int(),
  clocks: z.object({
    paymentHours: z.int(),
    deliveryHours: z.int(),
    inspectionHours: z.int(),
    objectionHours: z.int(),
  }),
  /** The offer that was accepted, or the seller's standing one. */
  basis: z.union([z.object({ offerNumber: z.int() }), z.object({ standingTermsSha256: hex64 })]),
});
export type ContractTerms = z.infer<typeof contractTermsSchema>;

/** The clocks of the standard terms, as a contract repeats them. */
export const standardClocks: ContractTerms["clocks"] = {
  paymentHours: clockHours.payment,
  deliveryHours: clockHours.delivery,
  inspectionHours: clockHours.inspection,
  objectionHours: clockHours.objection,
};

/** A document and its digest: canonical JSON (RFC 8785), SHA-256 of its UTF-8 bytes in hex. */
export type SealedTerms = { terms: string; termsSha256: string };

export function sealTerms(terms: StandingTerms | ContractTerms): SealedTerms {
  const text = canonicalJson(terms);
  return { terms: text, termsSha256: termsDigest(text) };
}

export function termsDigest(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)));
}

/** Reads a stored standing offer. Throws `contract_damaged` when the bytes are not those of the digest. */
export function readStandingTerms(sealed: SealedTerms): StandingTerms {
  requireWhole(sealed);
  return standingTermsSchema.parse(JSON.parse(sealed.terms));
}

/** Reads a stored contract. Throws `contract_damaged` when the bytes are not those of the digest. */
export function readContract(sealed: SealedTerms): ContractTerms {
  requireWhole(sealed);
  return contractTermsSchema.parse(JSON.parse(sealed.terms));
}

function requireWhole(sealed: SealedTerms): void {
  refuseUnless(
    termsDigest(sealed.terms) === sealed.termsSha256,
    "contract_damaged",
    "The stored terms do not match their digest.",
  );
}

const SUBJECT_KEYS = [
  "seller",
  "listing",
  "version",
  "part",
  "files",
  "price",
  "termMonths",
  "rights",
] as const;

/** Throws `standing_offer_differs` unless the contract repeats every term of the standing offer. */
export function requireRepeatsStandingTerms(contract: ContractTerms, standing: StandingTerms): void {
  for (const key of SUBJECT_KEYS) {
    refuseUnless(
      canonicalJson(contract[key]) === canonicalJson(standing[key]),
      "standing_offer_differs",
      "The listing has changed since the seller signed its offer. Make an offer instead.",
    );
  }
}

/** A file list in one order, so that two equal lists are equal text. */
export function sortedFiles(files: readonly ContractFile[]): ContractFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Throws `files_differ` unless the files handed over are exactly those of the contract. */
export function requireContractFiles(
  contract: Pick<ContractTerms, "files">,
  delivered: readonly ContractFile[],
): void {
  const text = (files: readonly ContractFile[]) =>
    JSON.stringify(
      sortedFiles(files).map(({ path, sha256: digest, sizeBytes }) => [path, digest, sizeBytes]),
    );
  refuseUnless(
    text(contract.files) === text(delivered),
    "files_differ",
    "The files handed over are not those of the contract.",
  );
}
