import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { rightsText } from "@/lib/access/licence";
import { type PartName, partLabels, partNames, termText } from "@/lib/catalogue/part";
import { rightsSchema } from "@/lib/catalogue/rights";
import { toHex } from "@/lib/shared/encoding";
import { canonicalJson } from "@/lib/shared/jcs";
import { refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money } from "@/lib/shared/money";
import { clockHours } from "@/lib/deals/deadline";

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

export type Clause = { heading: string; text: string };

export type ClauseFacts = {
  part: PartName;
  listingTitle: string;
  versionNumber: number;
  priceMinor: bigint;
  currency: string;
  termMonths: number | null;
  rights: ContractTerms["rights"];
  fileCount: number;
  feeBasisPoints: number;
};

export function clauseFactsOf(terms: ContractTerms | StandingTerms, feeBasisPoints: number): ClauseFacts {
  return {
    part: terms.part,
    listingTitle: terms.listing.title,
    versionNumber: terms.version.number,
    priceMinor: BigInt(terms.price.minor),
    currency: terms.price.currency,
    termMonths: terms.termMonths,
    rights: terms.rights,
    fileCount: terms.files.length,
    feeBasisPoints,
  };
}

/** The terms as one page in plain words: the same clauses before signing, in the deal room and in the download. */
export function clausesOf(facts: ClauseFacts): Clause[] {
  const isFree = facts.priceMinor === 0n;
  const days = (hours: number) => `${hours / 24} days`;
  return [
    {
      heading: "What",
      text: `${partLabels[facts.part]} of “${facts.listingTitle}”, version ${facts.versionNumber}. ${fileText(facts.fileCount)}`,
    },
    { heading: "You may", text: rightsText(facts.rights) },
    {
      heading: "For how long",
      text:
        facts.termMonths === null
          ? "Without end, from the day of delivery."
          : `${termText(facts.termMonths)}, from the day of delivery.`,
    },
    ...(isFree ? [freeClause] : [priceClause(facts, days)]),
    {
      heading: "Delivery and inspection",
      text: `Due within ${days(clockHours.delivery)}${isFree ? "" : ", or the payment goes back"}. The buyer then has ${days(clockHours.inspection)} to inspect; silence after a reminder counts as acceptance.`,
    },
    {
      heading: "If something is wrong",
      text: isFree
        ? "Either side can stop the clock with a dispute until the deal closes, and a moderator then rules. When the licence is taken back, the files must be deleted."
        : "Either side can stop the clock with a dispute until the payment is released. A moderator then rules: release, refund or split. After a refund the licence ends and the files must be deleted.",
    },
    {
      heading: "What this is not",
      text: "Standard terms of a software platform, not legal advice. The evidence on the listing says what was measured; it does not promise results on other data.",
    },
  ];
}

const freeClause: Clause = { heading: "Price", text: "None. Nothing is paid or held." };

function priceClause(facts: ClauseFacts, days: (hours: number) => string): Clause {
  const price = formatMoney(money(facts.priceMinor, facts.currency));
  return {
    heading: "Price and held payment",
    text: `${price}, once, payable within ${days(clockHours.payment)} of the second signature. It is held by the payment provider and goes to the seller and the contributors of the listing, by the shares that stand at the first signature, ${clockHours.objection} hours after acceptance, and not before the public log proves that it was accepted. The platform keeps ${facts.feeBasisPoints / 100} % of it as its fee; the buyer pays nothing on top.`,
  };
}

function fileText(fileCount: number): string {
  if (fileCount === 0) return "The seller hands it over and says how.";
  return `${fileCount} file${fileCount === 1 ? "" : "s"}, named below with their SHA-256.`;
}

/** The whole contract as plain text, for the download. */
export function contractText(terms: ContractTerms, termsSha256: string): string {
  const clauses = clausesOf(clauseFactsOf(terms, terms.feeBasisPoints)).map(
    ({ heading, text }) => `${heading}\n  ${text}`,
  );
  const files = terms.files.map((file) => `  ${file.sha256}  ${file.sizeBytes} bytes  ${file.path}`);
  return [
    `LICENCE CONTRACT ${terms.dealId}`,
    `Seller (licensor): ${terms.seller.name} (${terms.seller.accountId})`,
    `Buyer (licensee):  ${terms.buyer.name} (${terms.buyer.accountId})`,
    "",
    ...clauses.flatMap((clause) => [clause, ""]),
    ...(files.length > 0 ? ["Files (SHA-256, size, path)", ...files, ""] : []),
    `Model digest: ${terms.version.modelDigest ?? "none: the seller hosts the model or only described it"}`,
    `Digest of the machine-readable terms, which both parties signed: ${termsSha256}`,
    "",
  ].join("\n");
}
