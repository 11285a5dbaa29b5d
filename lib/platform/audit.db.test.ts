import { expect, test } from "vitest";
import { isAuditChainWhole, recordAudit } from "./audit";
import { db } from "./db";

const entry = {
  actorId: "someone",
  action: "freeze_listing",
  subject: ["listing", "a-listing"] as const,
  reason: "a reason",
};

test("audit events of many writers form one unbroken chain", async () => {
  await Promise.all(Array.from({ length: 20 }, () => db.$transaction((tx) => recordAudit(tx, entry))));
  expect(await isAuditChainWhole()).toBe(true);
  expect(await db.auditEvent.count({ where: { previousHash: null } })).toBe(1);
});

test("an audit event can be neither changed nor deleted", async () => {
  await db.$transaction((tx) => recordAudit(tx, entry));
  await expect(db.$executeRaw`UPDATE "AuditEvent" SET reason = 'another'`).rejects.toThrow(/append-only/);
  await expect(db.$executeRaw`DELETE FROM "AuditEvent"`).rejects.toThrow(/append-only/);
  await expect(db.$executeRaw`TRUNCATE "AuditEvent"`).rejects.toThrow(/append-only/);
});

test("a change made with the triggers off is found", async () => {
  await db.$transaction((tx) => recordAudit(tx, entry));
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`ALTER TABLE "AuditEvent" DISABLE TRIGGER audit_event_rows`;
    await tx.$executeRaw`UPDATE "AuditEvent" SET reason = 'rewritten' WHERE id = (SELECT min(id) FROM "AuditEvent")`;
    await tx.$executeRaw`ALTER TABLE "AuditEvent" ENABLE TRIGGER audit_event_rows`;
  });
  expect(await isAuditChainWhole()).toBe(false);
});
