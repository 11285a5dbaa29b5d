import type { PartName } from "@/lib/catalogue/part";
import type { Rights } from "@/lib/catalogue/rights";
import { type ContractTerms, type StandingTerms, sortedFiles, standardClocks } from "./contract";

type Person = { accountId: string; name: string };

export type TermsFacts = {
  saltHex: string;
  seller: Person;
  listing: { id: string; title: string };
  version: { id: string; number: number; modelDigest: string | null };
  part: PartName;
  files: ContractTerms["files"];
  priceMinor: bigint;
  currency: string;
  termMonths: number | null;
  rights: Rights;
};

function subjectTerms(facts: TermsFacts) {
  const { saltHex, seller, listing, version, part, files, priceMinor, currency, termMonths, rights } = facts;
  return {
    salt: saltHex,
    seller: { accountId: seller.accountId, name: seller.name },
    listing: { id: listing.id, title: listing.title },
    version: { id: version.id, number: version.number, modelDigest: version.modelDigest },
    part,
    files: sortedFiles(files),
    price: { minor: priceMinor.toString(), currency },
    termMonths,
    rights,
  };
}

/** What a seller signs once for everybody who takes the part at this price. */
export function standingTerms(facts: TermsFacts): StandingTerms {
  return { format: "https://offcut.example/standing-offer/v1", ...subjectTerms(facts) };
}

/** What the two parties of one deal sign. The platform's fee and the clocks are part of it. */
export function contractTerms(
  facts: TermsFacts & {
    dealId: string;
    buyer: Person;
    feeBasisPoints: number;
    basis: ContractTerms["basis"];
  },
): ContractTerms {
  return {
    format: "https://offcut.example/contract/v1",
    dealId: facts.dealId,
    ...subjectTerms(facts),
    buyer: { accountId: facts.buyer.accountId, name: facts.buyer.name },
    feeBasisPoints: facts.feeBasisPoints,
    clocks: standardClocks,
    basis: facts.basis,
  };
}
