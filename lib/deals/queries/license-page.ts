import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { type PartName, partNames } from "@/lib/catalogue/part";
import { findListingName } from "@/lib/catalogue/queries/listing-names";
import type { Rights } from "@/lib/catalogue/rights";
import { encodeBase64 } from "@/lib/shared/encoding";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError, type RefusalCode } from "@/lib/shared/domain-error";
import {
  type ContractSubject,
  getContractSubject,
  listContractSubjects,
  personOf,
} from "../commands/contract-subject";
import { draftLicense } from "../commands/license-now";
import { providerFor, requireBuyer } from "../commands/open-deal";
import { standingTermsOf } from "../commands/standing-offer";
import { type ContractFile, sealTerms } from "@/lib/terms/contract";
import { type Clause, clauseFactsOf, clausesOf } from "@/lib/terms/clauses";
import { previewSettlement } from "../escrow";
import { signatureBytes } from "../signature";
import type { LedgerPreview } from "@/lib/ledger/balance";

export function partOf(text: string | string[] | undefined): PartName {
  return partNames.find((name) => name === text) ?? "weights";
}

/** A page about one part of a listing, or why this person cannot go on; null when there is no such thing. */
export type PartPage<T> =
  | { kind: "ready"; listing: { id: string; slug: string; title: string }; part: PartName; data: T }
  | {
      kind: "refused";
      listing: { slug: string; title: string };
      part: PartName;
      code: RefusalCode;
      message: string;
    };

async function partPage<T>(
  slug: string,
  part: PartName,
  prepare: (subject: ContractSubject) => Promise<T>,
): Promise<PartPage<T> | null> {
  const listing = await findListingName(slug);
  if (!listing) return null;
  try {
    const subject = await getContractSubject(db, listing.id, part);
    return { kind: "ready", listing, part, data: await prepare(subject) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "not_found") return null;
    return { kind: "refused", listing, part, code: error.code, message: error.message };
  }
}

export type LicenseFormView = {
  dealId: string;
  salt: string;
  termsSha256: string;
  /** What a device key signs, base64. */
  statementBase64: string;
  clauses: Clause[];
  files: ContractFile[];
  sellerName: string;
  priceMinor: bigint;
  currency: string;
  termMonths: number | null;
  provider: string;
  preview: LedgerPreview;
};

/** The one page of terms of a part at list price, with everything its form must send back. */
export async function findLicensePage(
  actor: Actor,
  slug: string,
  part: PartName,
): Promise<PartPage<LicenseFormView> | null> {
  return partPage(slug, part, async (subject) => {
    await requireBuyer(db, actor, subject);
    const form = { dealId: randomUUID(), salt: randomBytes(32).toString("hex") };
    const { terms } = await draftLicense(db, actor, subject, form);
    const { termsSha256 } = sealTerms(terms);
    const facts = {
      record: "contract" as const,
      subjectId: form.dealId,
      party: "buyer" as const,
      accountId: actor.accountId,
      sessionId: null,
      termsSha256,
      modelDigest: terms.version.modelDigest,
      saltHex: form.salt,
    };
    const priced = { priceMinor: subject.listPriceMinor, currency: subject.currency };
    return {
      ...form,
      ...priced,
      termsSha256,
      statementBase64: encodeBase64(signatureBytes(facts, await currentTime())),
      clauses: clausesOf(clauseFactsOf(terms, terms.feeBasisPoints)),
      files: terms.files,
      sellerName: terms.seller.name,
      termMonths: subject.termMonths,
      provider: await providerFor(db, subject.listPriceMinor),
      preview: previewSettlement(
        {
          ...priced,
          id: form.dealId,
          sellerId: terms.seller.accountId,
          buyerId: actor.accountId,
          feeBasisPoints: env().FEE_BASIS_POINTS,
          shares: subject.shares,
          paymentProvider: "none",
        },
        0n,
      ),
    };
  });
}

export type OfferForm = {
  dealId: string;
  priceMinor: bigint;
  currency: string;
  termMonths: number | null;
  rights: Rights;
};

/** What an offer form starts from: the listed terms, and a fresh id so that it is sent once. */
export async function findOfferPage(
  actor: Actor,
  slug: string,
  part: PartName,
): Promise<PartPage<OfferForm> | null> {
  return partPage(slug, part, async (subject) => {
    await requireBuyer(db, actor, subject);
    if (subject.pricing === "per_1000_calls") {
      throw new DomainError(
        "priced_by_calls",
        "This part is priced by calls and is not licensed as a whole.",
      );
    }
    const { listPriceMinor: priceMinor, currency, termMonths, rights } = subject;
    return { dealId: randomUUID(), priceMinor, currency, termMonths, rights };
  });
}

export type StandingOfferFormView = {
  part: PartName;
  salt: string;
  termsSha256: string;
  statementBase64: string;
  clauses: Clause[];
  /** When these very terms were signed; null when they are not, or have changed since. */
  signedAt: Date | null;
  /** An offer stands, but for other terms than those listed now. */
  isOutdated: boolean;
};

/** The seller's own parts with what signing a standing offer for each would say; null for everybody else. */
export async function findOwnStandingOffers(
  actor: Actor,
  slug: string,
): Promise<{ listingId: string; title: string; forms: StandingOfferFormView[] } | null> {
  const listing = await findListingName(slug);
  if (listing?.sellerId !== actor.accountId) return null;
  const { id: listingId, title } = listing;
  const subjects = await listContractSubjects(db, listingId).catch((error: unknown) => {
    if (error instanceof DomainError) return [];
    throw error;
  });
  const [seller, standing, now] = await Promise.all([
    personOf(db, actor.accountId),
    db.standingOffer.findMany({ where: { listingId, withdrawnAt: null } }),
    currentTime(),
  ]);
  const forms = subjects
    .filter(({ pricing }) => pricing !== "per_1000_calls")
    .map((subject) => {
      const own = standing.find(({ part }) => part === subject.part) ?? null;
      return standingForm(subject, seller, own, now);
    });
  return { listingId, title, forms };
}

type Standing = { terms: string; termsSha256: string; signedAt: Date };

function standingForm(
  subject: ContractSubject,
  seller: Awaited<ReturnType<typeof personOf>>,
  standing: Standing | null,
  now: Date,
): StandingOfferFormView {
  const salt = randomBytes(32).toString("hex");
  const terms = standingTermsOf(subject, seller, salt);
  const { termsSha256 } = sealTerms(terms);
  const isSame =
    standing !== null &&
    sealTerms({ ...terms, salt: saltOf(standing.terms) }).termsSha256 === standing.termsSha256;
  const facts = {
    record: "standing_offer" as const,
    subjectId: termsSha256,
    party: "seller" as const,
    accountId: seller.accountId,
    sessionId: null,
    termsSha256,
    modelDigest: subject.version.modelDigest,
    saltHex: salt,
  };
  return {
    part: subject.part,
    salt,
    termsSha256,
    statementBase64: encodeBase64(signatureBytes(facts, now)),
    clauses: clausesOf(clauseFactsOf(terms, env().FEE_BASIS_POINTS)),
    signedAt: isSame ? standing.signedAt : null,
    isOutdated: standing !== null && !isSame,
  };
}

function saltOf(terms: string): string {
  return (JSON.parse(terms) as { salt: string }).salt;
}
