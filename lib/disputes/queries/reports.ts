import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesByHandle, namesById } from "@/lib/accounts/queries/names";
import { type ListingName, listingNamesBySlug } from "@/lib/catalogue/queries/listing-names";
import { db } from "@/lib/platform/db";
import type { Report } from "@/prisma/generated/client";
import type { ReportReason } from "../report";

const SUBJECTS_PER_PAGE = 20;
const REPORTS_PER_PAGE = 25;
const NEWEST_SHOWN = 2;

/** Where a page of a list ended. */
export type Cursor = { at: Date; id: string };

/** What reports are about, with the listing or account that has that name, when it still stands. */
export type SubjectView = {
  id: string;
  kind: string;
  name: string;
  listing: ListingName | null;
  account: { id: string; handle: string; displayName: string } | null;
};

export type ReportView = {
  id: string;
  pageUrl: string;
  reason: ReportReason;
  body: string;
  state: "open" | "upheld" | "dismissed";
  createdAt: Date;
  reporterName: string | null;
  resolution: string | null;
};

export type ReportedView = SubjectView & {
  openCount: number;
  firstOpenAt: Date;
  lastOpenAt: Date;
  reasons: { reason: ReportReason; count: number }[];
  newest: ReportView[];
};

export type ReportQueueView = {
  /** Over all pages. */
  subjectCount: number;
  reportCount: number;
  subjects: ReportedView[];
  next: Cursor | null;
};

/**
 * What open reports are about, the longest waiting first, each once with its figures and newest texts. Moderators only;
 * seven statements, however many reports there are.
 */
export async function listReported(actor: Actor, after: Cursor | null): Promise<ReportQueueView> {
  const nothing = { subjectCount: 0, reportCount: 0, subjects: [], next: null };
  if (!hasRole(actor, "moderator")) return nothing;
  const [total, found] = await Promise.all([
    db.reportedSubject.aggregate({
      where: { firstOpenAt: { not: null } },
      _count: true,
      _sum: { openCount: true },
    }),
    db.reportedSubject.findMany({
      where: after
        ? { OR: [{ firstOpenAt: { gt: after.at } }, { firstOpenAt: after.at, id: { gt: after.id } }] }
        : { firstOpenAt: { not: null } },
      orderBy: [{ firstOpenAt: "asc" }, { id: "asc" }],
      take: SUBJECTS_PER_PAGE + 1,
    }),
  ]);
  const subjects = await withReports(await withNames(found.slice(0, SUBJECTS_PER_PAGE)));
  const last = found.length > SUBJECTS_PER_PAGE ? subjects.at(-1) : undefined;
  return {
    subjectCount: total._count,
    reportCount: total._sum.openCount ?? 0,
    subjects,
    next: last ? { at: last.firstOpenAt, id: last.id } : null,
  };
}

type OpenSubject = SubjectView & { openCount: number; firstOpenAt: Date | null; lastOpenAt: Date | null };

async function withReports(subjects: readonly OpenSubject[]): Promise<ReportedView[]> {
  const ids = subjects.map(({ id }) => id);
  const [reasons, newest] = await Promise.all([
    db.report.groupBy({
      by: ["subjectId", "reason"],
      where: { subjectId: { in: ids }, state: "open" },
      _count: true,
    }),
    db.$queryRaw<Report[]>`
      SELECT report.* FROM unnest(${ids}::text[]) subject(id)
      CROSS JOIN LATERAL (
        SELECT * FROM "Report" WHERE "subjectId" = subject.id AND state = 'open'
        ORDER BY "createdAt" DESC, id DESC LIMIT ${NEWEST_SHOWN}) report`,
  ]);
  const views = await withReporters(newest);
  return subjects.flatMap((subject) => {
    const { firstOpenAt, lastOpenAt } = subject;
    if (!firstOpenAt || !lastOpenAt) return [];
    const own = reasons.filter(({ subjectId }) => subjectId === subject.id);
    const counts = own.map(({ reason, _count }) => ({ reason: reason as ReportReason, count: _count }));
    return {
      ...{ ...subject, firstOpenAt, lastOpenAt },
      reasons: counts.sort((a, b) => b.count - a.count),
      newest: views.filter(({ subjectId }) => subjectId === subject.id),
    };
  });
}

/** One thing and a page of the open reports about it, newest first, for a moderator; else null. */
export async function findReported(
  actor: Actor,
  subjectId: string,
  after: Cursor | null,
): Promise<{
  subject: SubjectView;
  open: ReportedView | null;
  reports: ReportView[];
  next: Cursor | null;
} | null> {
  if (!hasRole(actor, "moderator")) return null;
  const [row, found] = await Promise.all([
    db.reportedSubject.findUnique({ where: { id: subjectId } }),
    db.report.findMany({
      where: {
        ...{ subjectId, state: "open" },
        ...(after && {
          OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }],
        }),
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: REPORTS_PER_PAGE + 1,
    }),
  ]);
  const [subject] = row ? await withNames([row]) : [];
  if (!subject) return null;
  const [[open], reports] = await Promise.all([
    withReports([subject]),
    withReporters(found.slice(0, REPORTS_PER_PAGE)),
  ]);
  const last = found.length > REPORTS_PER_PAGE ? reports.at(-1) : undefined;
  return { subject, open: open ?? null, reports, next: last ? { at: last.createdAt, id: last.id } : null };
}

/** One report with what it is about, for a moderator; else null. */
export async function findReport(
  actor: Actor,
  reportId: string,
): Promise<(ReportView & { subject: SubjectView }) | null> {
  if (!hasRole(actor, "moderator")) return null;
  const row = await db.report.findUnique({ where: { id: reportId }, include: { subject: true } });
  if (!row) return null;
  const [[report], [subject]] = await Promise.all([withReporters([row]), withNames([row.subject])]);
  return report && subject ? { ...report, subject } : null;
}

/** Names what reports are about, in two statements. */
async function withNames<T extends { kind: string; name: string }>(
  rows: readonly T[],
): Promise<(T & Pick<SubjectView, "listing" | "account">)[]> {
  const namesOf = (kind: string) => rows.flatMap((row) => (row.kind === kind ? [row.name] : []));
  const [listings, accounts] = await Promise.all([
    listingNamesBySlug(namesOf("listing")),
    namesByHandle(namesOf("account")),
  ]);
  return rows.map((row) => ({
    ...row,
    listing: (row.kind === "listing" && listings.get(row.name)) || null,
    account: (row.kind === "account" && accounts.get(row.name)) || null,
  }));
}

async function withReporters(rows: readonly Report[]): Promise<(ReportView & { subjectId: string })[]> {
  const reporters = await namesById(rows.flatMap(({ reporterId }) => reporterId ?? []));
  return rows.map(({ id, subjectId, pageUrl, body, state, createdAt, resolution, ...row }) => ({
    ...{ id, subjectId, pageUrl, body, state, createdAt, resolution },
    reason: row.reason as ReportReason,
    reporterName: reporters.get(row.reporterId ?? "")?.displayName ?? null,
  }));
}
