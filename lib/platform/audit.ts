import "server-only";
import type { AuditEvent, Prisma } from "@/prisma/generated/client";
import { db, type Tx } from "./db";

export type AuditEntry = {
  /** Null: the platform did it. */
  actorId: string | null;
  actorKind?: "account" | "system";
  action: string;
  /** Of what kind it is, and its id. */
  subject: readonly [kind: string, id: string];
  reason?: string;
  details?: Prisma.InputJsonObject;
};

/** Writes one audit event in the caller's transaction. The table refuses every later change. */
export async function recordAudit(tx: Tx, { subject, ...entry }: AuditEntry): Promise<void> {
  const [subjectKind, subjectId] = subject;
  const actorKind = entry.actorId === null ? "system" : "account";
  await tx.auditEvent.create({
    data: { actorKind, ...entry, subjectKind, subjectId, details: entry.details ?? {} },
  });
}

/** True when every event's hash covers its content and the hash before it, back to the first. */
export async function isAuditChainWhole(): Promise<boolean> {
  const rows = await db.$queryRaw<{ broken: bigint }[]>`
    SELECT count(*) AS broken FROM (
      SELECT e.hash IS DISTINCT FROM audit_event_hash(e) AS "isChanged",
             e."previousHash" IS DISTINCT FROM lag(e.hash) OVER (ORDER BY e.id) AS "isUnlinked"
      FROM "AuditEvent" e) checked
    WHERE "isChanged" OR "isUnlinked"`;
  return rows[0]?.broken === 0n;
}

/** What an action was done to, by the ids in the audit log. */
export async function listAudited(action: string, subjectKind: string): Promise<Set<string>> {
  const rows = await db.auditEvent.findMany({
    where: { action, subjectKind },
    select: { subjectId: true },
  });
  return new Set(rows.map(({ subjectId }) => subjectId));
}

export type AuditSearch = {
  /** Only events older than this one. */
  before: bigint | null;
  /** A piece of what, about what or why; empty for all events. */
  words: string;
  /** Whose events match as well, whatever their words. */
  actorIds: readonly string[];
  limit: number;
};

/** Audit events, newest first. */
export async function listAudit({ before, words, actorIds, limit }: AuditSearch): Promise<AuditEvent[]> {
  return db.auditEvent.findMany({
    where: { ...(before === null ? {} : { id: { lt: before } }), ...(words && matching(words, actorIds)) },
    orderBy: { id: "desc" },
    take: limit,
  });
}

/** Actions are searched as they are shown: with spaces where the name has dots or underlines. */
function matching(words: string, actorIds: readonly string[]): Prisma.AuditEventWhereInput {
  const contains = { contains: words, mode: "insensitive" } as const;
  const actions = [words, words.replaceAll(" ", "_"), words.replaceAll(" ", ".")];
  return {
    OR: [
      { actorId: { in: [...actorIds] } },
      ...actions.map((action) => ({ action: { ...contains, contains: action } })),
      { subjectId: contains },
      { reason: contains },
    ],
  };
}
