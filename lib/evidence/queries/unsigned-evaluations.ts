import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";

/** Evaluations of the actor's own listings that wait for the actor's signature, by listing. */
export async function findUnsignedEvaluations(actor: Actor): Promise<Record<string, string>> {
  const rows = await db.evaluation.findMany({
    where: {
      evaluatorId: actor.accountId,
      grade: "seller_signed",
      envelopeSha256: null,
      listingId: { not: null },
    },
    orderBy: { createdAt: "asc" },
    select: { id: true, listingId: true },
  });
  return Object.fromEntries(rows.map(({ id, listingId }) => [listingId ?? "", id]));
}
