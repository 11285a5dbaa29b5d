import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { accountIdsLike, namesById } from "@/lib/accounts/queries/names";
import { listingNamesById } from "@/lib/catalogue/queries/listing-names";
import { listAudit } from "@/lib/platform/audit";
import { db } from "@/lib/platform/db";
import type { SanctionKindName } from "../sanction";
import type { Cursor } from "./reports";

const PAGE_SIZE = 50;
const APPEALS_PER_PAGE = 25;

export type SanctionView = {
  id: string;
  kind: SanctionKindName;
  subjectKind: string;
  subjectId: string;
  subjectName: string;
  reason: string;
  createdAt: Date;
  liftedAt: Date | null;
  liftReason: string | null;
  accountId: string;
  moderatorId: string;
  appeal: {
    id: string;
    body: string;
    state: "open" | "granted" | "refused";
    decision: string | null;
    createdAt: Date;
  } | null;
};

export type AppealQueueView = {
  /** Over all pages. */
  count: number;
  sanctions: SanctionView[];
  next: Cursor | null;
};

/** What open appeals are about, the longest waiting first, 25 a page; nobody but moderators sees any. */
export async function listOpenAppeals(actor: Actor, after: Cursor | null): Promise<AppealQueueView> {
  if (!hasRole(actor, "moderator")) return { count: 0, sanctions: [], next: null };
  const [count, found] = await Promise.all([
    db.appeal.count({ where: { state: "open" } }),
    db.appeal.findMany({
      where: {
        state: "open",
        ...(after && {
          OR: [{ createdAt: { gt: after.at } }, { createdAt: after.at, id: { gt: after.id } }],
        }),
      },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      take: APPEALS_PER_PAGE + 1,
      include: { sanction: true },
    }),
  ]);
  const shown = found.slice(0, APPEALS_PER_PAGE);
  const last = found.length > APPEALS_PER_PAGE ? shown.at(-1) : undefined;
  return {
    count,
    sanctions: await named(shown.map(({ sanction, ...appeal }) => ({ ...sanction, appeal }))),
    next: last ? { at: last.createdAt, id: last.id } : null,
  };
}

/** The last 50 sanctions without an open appeal: standing ones first, then lifted ones, newest first. */
export async function listSanctions(actor: Actor): Promise<SanctionView[]> {
  if (!hasRole(actor, "moderator")) return [];
  const rows = await db.sanction.findMany({
    where: { NOT: { appeal: { is: { state: "open" } } } },
    orderBy: [{ liftedAt: { sort: "asc", nulls: "first" } }, { createdAt: "desc" }],
    take: PAGE_SIZE,
    include: { appeal: true },
  });
  return named(rows);
}

/** What hit an account and its listings; its own only. */
export async function listOwnSanctions(actor: Actor): Promise<SanctionView[]> {
  const rows = await db.sanction.findMany({
    where: { accountId: actor.accountId },
    orderBy: { createdAt: "desc" },
    take: PAGE_SIZE,
    include: { appeal: true },
  });
  return named(rows);
}

/**
 * One decision, for whom it hit and for moderators. A suspension also opens by its unguessable id alone, because a
 * suspended person cannot sign in.
 */
export async function findSanction(actor: Actor | null, sanctionId: string): Promise<SanctionView | null> {
  const row = await db.sanction.findUnique({ where: { id: sanctionId }, include: { appeal: true } });
  if (!row) return null;
  const isOpenByLink = row.kind === "suspend" && actor === null;
  const isTheirs = actor !== null && (actor.accountId === row.accountId || hasRole(actor, "moderator"));
  return isOpenByLink || isTheirs ? ((await named([row]))[0] ?? null) : null;
}

/** Names what sanctions hit, in a fixed number of queries. */
async function named(rows: readonly Omit<SanctionView, "subjectName">[]): Promise<SanctionView[]> {
  const [ofListings, ofAccounts] = [rows.filter(isOfListing), rows.filter((row) => !isOfListing(row))];
  const [listings, accounts] = await Promise.all([
    listingNamesById(ofListings.map(subjectIdOf)),
    namesById(ofAccounts.map(subjectIdOf)),
  ]);
  return rows.map((row) => {
    const name = isOfListing(row)
      ? listings.get(row.subjectId)?.title
      : accounts.get(row.subjectId)?.displayName;
    return { ...row, subjectName: name ?? row.subjectId };
  });
}

function subjectIdOf({ subjectId }: Pick<SanctionView, "subjectId">): string {
  return subjectId;
}

function isOfListing({ subjectKind }: Pick<SanctionView, "subjectKind">): boolean {
  return subjectKind === "listing";
}

export type AuditView = {
  id: string;
  at: Date;
  actorName: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  reason: string | null;
};

/**
 * The audit log, newest first; `before` is the id of the last row seen, `search` a piece of who, what, about what or
 * why. Moderators and administrators only.
 */
export async function listAuditEvents(
  actor: Actor,
  before: bigint | null,
  search = "",
): Promise<AuditView[]> {
  if (!hasRole(actor, "moderator") && !hasRole(actor, "administrator")) return [];
  const actorIds = search ? await accountIdsLike(search, PAGE_SIZE) : [];
  const rows = await listAudit({ before, words: search, actorIds, limit: PAGE_SIZE });
  const names = await namesById(rows.flatMap((row) => row.actorId ?? []));
  return rows.map((row) => ({
    id: row.id.toString(),
    at: row.at,
    actorName: (row.actorId && names.get(row.actorId)?.displayName) ?? "Offcut",
    action: row.action.replaceAll(/[._]/g, " "),
    subjectKind: row.subjectKind.replaceAll("_", " "),
    subjectId: row.subjectId,
    reason: row.reason,
  }));
}
