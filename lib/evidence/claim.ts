import type { Limitation } from "@/lib/catalogue/limitation";
import { limitKey } from "@/lib/catalogue/limitation-link";
import { decimalText } from "@/lib/statements/decimal-text";
import { canonicalJson } from "@/lib/shared/jcs";
import { type ContributionPredicate, contributionKind } from "@/lib/statements/kinds/contribution";
import { dataOriginKind } from "@/lib/statements/kinds/data-origin";
import type { AgreedBy, ClaimFields } from "@/lib/statements/kinds/field";
import type { StatementKind } from "@/lib/statements/kinds/kind";
import { limitationKind } from "@/lib/statements/kinds/limitation";
import { nicheClaimKind } from "@/lib/statements/kinds/niche-claim";
import { type Statement, makeStatement, saltedCommitment } from "@/lib/statements/statement";

/** The kinds of statement that a listing consists of, in the order they are shown. */
const kinds = {
  "niche-claim": nicheClaimKind,
  limitation: limitationKind,
  "data-origin": dataOriginKind,
  contribution: contributionKind,
} as const satisfies Record<string, StatementKind>;

export type ClaimKindName = keyof typeof kinds;
export const claimKindNames = Object.keys(kinds) as ClaimKindName[];

/** What a listing states, as its rows hold it. */
export type StatedListing = {
  niche: { task: string; domain: string; languages: string[]; declaredLevel: number } | null;
  limitations: readonly Limitation[];
  dataOrigins: readonly {
    name: string;
    source: string;
    licence: string | null;
    url: string | null;
    use: "training" | "evaluation";
    rowCount: number | null;
  }[];
  contributors: readonly {
    accountId: string | null;
    name: string;
    contribution: string;
    shareBasisPoints: number;
  }[];
};

/** One thing that a listing states. `name` is a contributor's without an account: its digest goes into the content. */
export type ClaimDraft = {
  kind: ClaimKindName;
  /** What it is about within the listing: stays the same when the content changes. */
  key: string;
  content: Record<string, unknown>;
  name: string | null;
};

/** A claim as it is kept. */
export type KeptClaim = {
  id: string;
  listingId: string;
  sellerId: string;
  kind: ClaimKindName;
  key: string;
  content: Record<string, unknown>;
  subjectName: string;
  subjectSha256: string;
  nameSalt: string | null;
  statedAt: Date;
  replaces: string | null;
};

/** Everything a listing states, one claim for each: its niche, limitations, origins of data and contributions. */
export function claimsOf(listing: StatedListing): ClaimDraft[] {
  const drafts = [
    ...nicheClaims(listing),
    ...listing.limitations.map(limitationClaim),
    ...listing.dataOrigins.map(dataOriginClaim),
    ...listing.contributors.map(contributionClaim),
  ];
  // Two of one name are told apart by their order.
  const seen = new Map<string, number>();
  return drafts.map((draft) => {
    const place = `${draft.kind} ${draft.key}`;
    const number = (seen.get(place) ?? 0) + 1;
    seen.set(place, number);
    return number === 1 ? draft : { ...draft, key: `${draft.key} #${number}` };
  });
}

function nicheClaims({ niche }: StatedListing): ClaimDraft[] {
  if (!niche) return [];
  const { task, domain, languages, declaredLevel } = niche;
  const content = { niche: { task, domain, languages, level: decimalText(declaredLevel) } };
  return [{ kind: "niche-claim", key: "niche", content, name: null }];
}

function limitationClaim(limitation: Limitation): ClaimDraft {
  const { type, presence, severity, condition, measures } = limitation;
  const content = { limitation: { type, presence, severity, condition, measures } };
  return { kind: "limitation", key: limitKey(limitation), content, name: null };
}

function dataOriginClaim(origin: StatedListing["dataOrigins"][number]): ClaimDraft {
  const { name, source, licence, url, use, rowCount } = origin;
  const content = { data: { name, source, licence, url, use, rowCount } };
  return { kind: "data-origin", key: `${use}: ${name}`, content, name: null };
}

function contributionClaim(share: StatedListing["contributors"][number]): ClaimDraft {
  const { accountId, name, contribution, shareBasisPoints } = share;
  const content = { stance: "stated", contribution, shareBasisPoints };
  return accountId === null
    ? { kind: "contribution", key: `name: ${name}`, content, name }
    : {
        kind: "contribution",
        key: `account: ${accountId}`,
        content: { ...content, contributor: { account: accountId } },
        name: null,
      };
}

/** The content with a contributor's name as a salted digest; `saltHex` is 64 hex digits. */
export function contentOf({ content, name }: ClaimDraft, saltHex: string | null): Record<string, unknown> {
  if (name === null) return content;
  if (saltHex === null) throw new RangeError("A name is committed to with a salt.");
  return { ...content, contributor: { nameCommitment: saltedCommitment(name, saltHex) } };
}

export type ClaimChanges<Kept> = {
  fresh: ClaimDraft[];
  /** Says something else than before, or the same of other files. */
  replaced: { kept: Kept; draft: ClaimDraft }[];
  /** Stood and is no longer stated. */
  ended: Kept[];
};

/** What has to be stated anew and what has to end, so that the standing claims are those that a listing states. */
export function changesOfClaims<
  Kept extends Pick<KeptClaim, "kind" | "key" | "content" | "subjectSha256" | "nameSalt">,
>(standing: readonly Kept[], drafts: readonly ClaimDraft[], subjectSha256: string): ClaimChanges<Kept> {
  const placeOf = ({ kind, key }: Pick<KeptClaim, "kind" | "key">) => `${kind} ${key}`;
  const kept = new Map(standing.map((claim) => [placeOf(claim), claim]));
  const changes: ClaimChanges<Kept> = { fresh: [], replaced: [], ended: [] };
  for (const draft of drafts) {
    const before = kept.get(placeOf(draft));
    kept.delete(placeOf(draft));
    if (!before) changes.fresh.push(draft);
    else if (before.subjectSha256 !== subjectSha256 || !saysTheSame(before, draft))
      changes.replaced.push({ kept: before, draft });
  }
  changes.ended.push(...kept.values());
  return changes;
}

function saysTheSame(kept: Pick<KeptClaim, "content" | "nameSalt">, draft: ClaimDraft): boolean {
  if (draft.name !== null && kept.nameSalt === null) return false;
  return canonicalJson(kept.content) === canonicalJson(contentOf(draft, kept.nameSalt));
}

/**
 * The one statement of a claim: everything in it follows from what is kept, so that the page, the browser and the
 * command derive the same bytes. Without `agreedBy` it is the one that its seller signs with a key of their own.
 */
export function claimStatement(claim: KeptClaim, agreedBy?: AgreedBy): Statement {
  const { sellerId, listingId, statedAt, replaces, content, kind, subjectName, subjectSha256 } = claim;
  const fields: ClaimFields = {
    seller: sellerId,
    ...(agreedBy ? { agreedBy } : {}),
    listing: listingId,
    statedAt: statedAt.toISOString(),
    ...(replaces === null ? {} : { replaces }),
  };
  const subject = { name: subjectName, sha256: subjectSha256 };
  return makeStatement(kinds[kind].predicateType, [subject], { ...fields, ...content });
}

export type ContributionStance = "confirmed" | "rejected";

/** The statement by which the contributor that a claim names confirms or rejects it. */
export function stanceStatement(
  claim: KeptClaim,
  answer: { stance: ContributionStance; answers: string; at: Date },
  agreedBy?: AgreedBy,
): Statement {
  const { replaces: _, ...stated } = claimStatement(claim, agreedBy).predicate as ContributionPredicate;
  const predicate = {
    ...stated,
    stance: answer.stance,
    answers: answer.answers,
    statedAt: answer.at.toISOString(),
  };
  const subject = { name: claim.subjectName, sha256: claim.subjectSha256 };
  return makeStatement(contributionKind.predicateType, [subject], predicate);
}

/** The account that a claim names as contributor; null for everything else. */
export function contributorOf({ kind, content }: Pick<KeptClaim, "kind" | "content">): string | null {
  if (kind !== "contribution") return null;
  const { contributor } = content as Pick<ContributionPredicate, "contributor">;
  return "account" in contributor ? contributor.account : null;
}

/** The kind of a claim, as it is listed. */
export function claimKindOf(name: ClaimKindName): StatementKind {
  return kinds[name];
}
