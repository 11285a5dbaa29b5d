import "server-only";
import type { z } from "zod";
import { db, inTransaction } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import type { endSessionInput } from "../schemas";

/** Ends one of the actor's sessions; acts on that browser's next request. A stranger's session does not exist. */
export async function endSession(
  actor: Actor,
  { sessionId }: z.infer<typeof endSessionInput>,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const own = await tx.session.findFirst({ where: { id: sessionId, accountId: actor.accountId } });
    if (!own) throw notFoundError("session");
    await tx.session.updateMany({ where: { id: own.id, endedAt: null }, data: { endedAt: new Date() } });
  });
  return { message: "That session has ended." };
}

/** Ends every session of the actor but the one that asks. */
export async function endOtherSessions(actor: Actor): Promise<{ message: string }> {
  const { count } = await inTransaction((tx) =>
    tx.session.updateMany({
      where: { accountId: actor.accountId, endedAt: null, id: { not: actor.sessionId ?? "" } },
      data: { endedAt: new Date() },
    }),
  );
  return { message: count === 1 ? "One other session has ended." : `${count} other sessions have ended.` };
}

/** Ends the session that asks; doing it twice changes nothing. */
export async function endOwnSession(actor: Actor): Promise<void> {
  if (!actor.sessionId) return;
  await db.session.updateMany({
    where: { id: actor.sessionId, accountId: actor.accountId, endedAt: null },
    data: { endedAt: new Date() },
  });
}
