import { type PartName, partLabels, termText } from "@/lib/catalogue/part";
import { formatMoney, money } from "@/lib/shared/money";
import { clockHours } from "./clock-hours";
import type { ContractTerms, StandingTerms } from "./contract";
import { rightsText } from "./rights-text";

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
        ? "Each side can once stop the clock with a dispute until the deal closes, and a moderator then rules. When the licence is taken back, the files must be deleted."
        : "Each side can once stop the clock with a dispute until the payment is released. A moderator then rules: release, refund or split. After a refund the licence ends and the files must be deleted.",
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
