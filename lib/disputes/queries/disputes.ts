import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import type { Prisma } from "@/prisma/generated/client";
import type { ReportReason } from "../report";
import type { SanctionKindName } from "../sanction";

const PAGE_SIZE = 50;

export type ReportView = {
  id: string;
  subjectKind: string;
  subjectId: string;
  pageUrl: string;
  reason: ReportReason;
  body: string;
  state: "open" | "upheld" | "dismissed";
  createdAt: Date;
  reporterName: string | null;
  resolution: string | null;
  /** The listing or account it is about, when it still stands. */
  listing: { id: string; slug: string; title: string; sellerId: string } | null;
  account: { id: string; handle: string; displayName: string } | null;
};

/** Open reports, oldest first; nobody but moderators sees any. */
export async function listOpenReports(actor: Actor): Promise<ReportView[]> {
  if (!hasRole(actor, "moderator")) return [];
  const rows = await db.report.findMany({
    where: { state: "open" },
    orderBy: { createdAt: "asc" },
    take: PAGE_SIZE,
  });
  return Promise.all(rows.map((row) => withSubject(row)));
}

/** One report for a moderator, or null. */
export async function findReport(actor: Actor, reportId: string): Promise<ReportView | null> {
  if (!hasRole(actor, "moderator")) return null;
  const row = await db.report.findUnique({ where: { id: reportId } });
  return row && withSubject(row);
}

async function withSubject(row: Awaited<ReturnType<typeof db.report.findFirstOrThrow>>): Promise<ReportView> {
  const [reporter, listing, account] = await Promise.all([
    row.reporterId
      ? db.account.findUnique({ where: { id: row.reporterId }, select: { displayName: true } })
      : null,
    row.subjectKind === "listing"
      ? db.listing.findUnique({
          where: { slug: row.subjectId },
          select: { id: true, slug: true, title: true, sellerId: true },
        })
      : null,
    row.subjectKind === "account"
      ? db.account.findUnique({
          where: { handle: row.subjectId },
          select: { id: true, handle: true, displayName: true },
        })
      : null,
  ]);
  return {
    ...row,
    reason: row.reason as ReportReason,
    reporterName: reporter?.displayName ?? null,
    listing,
    account,
  };
}

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

/** Standing sanctions first, then lifted ones, newest first. */
export async function listSanctions(actor: Actor): Promise<SanctionView[]> {
  if (!hasRole(actor, "moderator")) return [];
  const rows = await db.sanction.findMany({
    orderBy: [{ liftedAt: { sort: "asc", nulls: "first" } }, { createdAt: "desc" }],
    take: PAGE_SIZE,
    include: { appeal: true },
  });
  return Promise.all(rows.map(named));
}

/** What hit an account and its listings; its own only. */
export async function listOwnSanctions(actor: Actor): Promise<SanctionView[]> {
  const rows = await db.sanction.findMany({
    where: { accountId: actor.accountId },
    orderBy: { createdAt: "desc" },
    take: PAGE_SIZE,
    include: { appeal: true },
  });
  return Promise.all(rows.map(named));
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
  return isOpenByLink || isTheirs ? named(row) : null;
}

async function named(row: Omit<SanctionView, "subjectName">): Promise<SanctionView> {
  const subject =
    row.subjectKind === "listing"
      ? await db.listing.findUnique({ where: { id: row.subjectId }, select: { title: true } })
      : await db.account.findUnique({ where: { id: row.subjectId }, select: { displayName: true } });
  const subjectName = subject ? ("title" in subject ? subject.title : subject.displayName) : row.subjectId;
  return { ...row, subjectName };
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
  const rows = await db.auditEvent.findMany({
    where: { ...(before === null ? {} : { id: { lt: before } }), ...(search && (await matching(search))) },
    orderBy: { id: "desc" },
    take: PAGE_SIZE,
  });
  const accounts = await db.account.findMany({
    where: { id: { in: rows.flatMap((row) => row.actorId ?? []) } },
    select: { id: true, displayName: true },
  });
  const names = new Map(accounts.map((account) => [account.id, account.displayName]));
  return rows.map((row) => ({
    id: row.id.toString(),
    at: row.at,
    actorName: (row.actorId && names.get(row.actorId)) ?? "Offcut",
    action: row.action.replaceAll(/[._]/g, " "),
    subjectKind: row.subjectKind.replaceAll("_", " "),
    subjectId: row.subjectId,
    reason: row.reason,
  }));
}

/** Actions are searched as they are shown: with spaces where the name has dots or underlines. */
async function matching(search: string): Promise<Prisma.AuditEventWhereInput> {
  const contains = { contains: search, mode: "insensitive" } as const;
  const people = await db.account.findMany({
    where: { OR: [{ displayName: contains }, { handle: contains }] },
    select: { id: true },
    take: PAGE_SIZE,
  });
  const actions = [search, search.replaceAll(" ", "_"), search.replaceAll(" ", ".")];
  return {
    OR: [
      { actorId: { in: people.map((person) => person.id) } },
      ...actions.map((action) => ({ action: { ...contains, contains: action } })),
      { subjectId: contains },
      { reason: contains },
    ],
  };
}
