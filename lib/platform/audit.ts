import "server-only";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "./db";

export type AuditEntry = {
  actorId: string | null;
  actorKind: "account" | "system";
  action: string;
  subjectKind: string;
  subjectId: string;
  reason?: string;
  details?: Prisma.InputJsonObject;
};

/** Writes one audit event in the caller's transaction. The table refuses every later change. */
export async function recordAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.auditEvent.create({ data: { ...entry, details: entry.details ?? {} } });
}
