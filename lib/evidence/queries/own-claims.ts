import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { findListingBySlug, listingsById } from "@/lib/catalogue/queries/listings";
import { db } from "@/lib/platform/db";
import { currentTime } from "@/lib/platform/clock";
import {
  type ClaimKindName,
  type ContributionStance,
  claimKindNames,
  claimKindOf,
  claimStatement,
  stanceStatement,
} from "../claim";
import {
  claimRecordOf,
  contributorsStance,
  isSignedByKey,
  leadingEnvelope,
  listStandingClaims,
} from "../records/claims";
import { encodeBase64 } from "@/lib/shared/encoding";
import { sentencesOf } from "@/lib/statements/kinds";
import type { Sentence } from "@/lib/statements/sentence";
import { statementBytes } from "@/lib/statements/statement";

/** A claim as its maker or the contributor it names sees it. */
export type OwnClaimView = {
  id: string;
  /** "Niche", "Limitation", … */
  title: string;
  headline: Sentence;
  facts: Sentence[];
  doesNotShow: readonly string[];
};

export type ClaimsToSign = {
  listing: { id: string; slug: string; title: string };
  accountId: string;
  /** Signed with a key of the seller's own. */
  signed: OwnClaimView[];
  /** Agreed to in a session; with the bytes to sign. */
  unsigned: (OwnClaimView & { statementBase64: string })[];
};

/** The standing claims of a listing of the actor's own, with what is still to be signed; null for everybody else. */
export async function findClaimsToSign(actor: Actor, slug: string): Promise<ClaimsToSign | null> {
  const listing = await findListingBySlug(slug);
  if (listing?.sellerId !== actor.accountId) return null;
  const order = ({ kind }: { kind: ClaimKindName }) => claimKindNames.indexOf(kind);
  const claims = (await listStandingClaims(db, listing.id)).sort((a, b) => order(a) - order(b));
  const view = (claim: (typeof claims)[number]) => {
    const statement = claimStatement(claim);
    const said = sentencesOf(statement, actor.displayName);
    const { title } = claimKindOf(claim.kind);
    return { id: claim.id, title, ...said, statementBase64: encodeBase64(statementBytes(statement)) };
  };
  return {
    listing: { id: listing.id, slug, title: listing.title },
    accountId: actor.accountId,
    signed: claims.filter(isSignedByKey).map(view),
    unsigned: claims.filter((claim) => !isSignedByKey(claim)).map(view),
  };
}

/** How many claims of each of the actor's listings no key has signed, by listing. */
export async function countUnsignedClaims(actor: Actor): Promise<Record<string, number>> {
  const rows = await db.claim.groupBy({
    by: ["listingId"],
    where: {
      sellerId: actor.accountId,
      endedAt: null,
      envelopes: { none: { stance: "stated", method: "device_key" } },
    },
    _count: true,
  });
  return Object.fromEntries(rows.map(({ listingId, _count }) => [listingId, _count]));
}

export type NamingClaim = OwnClaimView & {
  listing: { slug: string; title: string };
  seller: { displayName: string; handle: string };
  contribution: string;
  shareBasisPoints: number;
  answer: { stance: ContributionStance; at: Date; method: string } | null;
  /** The bytes to sign for either answer, base64. */
  answers: Record<ContributionStance, string>;
};

/** The standing claims of others that name the actor as contributor, newest first. */
export async function listClaimsNaming(actor: Actor): Promise<NamingClaim[]> {
  const rows = await db.claim.findMany({
    where: {
      kind: "contribution",
      endedAt: null,
      sellerId: { not: actor.accountId },
      content: { path: ["contributor", "account"], equals: actor.accountId },
    },
    include: { envelopes: true },
    orderBy: [{ statedAt: "desc" }, { id: "asc" }],
  });
  const now = await currentTime();
  const [listings, sellers] = await Promise.all([
    listingsById(rows.map(({ listingId }) => listingId)),
    namesById(rows.map(({ sellerId }) => sellerId)),
  ]);
  return rows.flatMap((row) => {
    const listing = listings.get(row.listingId);
    const seller = sellers.get(row.sellerId);
    const claim = claimRecordOf(row);
    const stated = leadingEnvelope(claim);
    if (!listing || !seller || !stated) return [];
    const bytesOf = (stance: ContributionStance) =>
      encodeBase64(
        statementBytes(stanceStatement(claim, { stance, answers: stated.envelopeSha256, at: now })),
      );
    const { contribution, shareBasisPoints } = claim.content as Pick<
      NamingClaim,
      "contribution" | "shareBasisPoints"
    >;
    const signerName =
      stated.method === "device_key" ? seller.displayName : `Offcut for ${seller.displayName}`;
    return {
      id: claim.id,
      title: claimKindOf(claim.kind).title,
      ...sentencesOf(claimStatement(claim), signerName),
      listing: { slug: listing.slug, title: listing.title },
      seller: { displayName: seller.displayName, handle: seller.handle },
      contribution,
      shareBasisPoints,
      answer: stanceOf(contributorsStance(claim)),
      answers: { confirmed: bytesOf("confirmed"), rejected: bytesOf("rejected") },
    };
  });
}

function stanceOf(answer: ReturnType<typeof contributorsStance>): NamingClaim["answer"] {
  if (!answer) return null;
  const stance = answer.stance === "confirmed" ? "confirmed" : "rejected";
  return { stance, at: answer.createdAt, method: answer.method };
}
