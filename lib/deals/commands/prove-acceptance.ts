import "server-only";
import { type LoggedCheck, type LoggedRefusal, verifyLogged } from "@/lib/evidence/queries/verify-logged";
import { db } from "@/lib/platform/db";
import { dealEventOf, getContract } from "../records";
import { recordsStep } from "../signature";

export type ProvenAcceptance = Omit<Extract<LoggedCheck, { state: "verified" }>, "statement"> & {
  envelopeSha256: string;
};

/** "waiting": no published checkpoint covers the record yet. `since`: when the delivery was accepted. */
export type AcceptanceCheck = { since: Date } & (
  ProvenAcceptance | { state: "waiting" } | { state: "failed"; reason: LoggedRefusal | "other_record" }
);

/**
 * Whether the published log proves the record of this deal's acceptance; null where nothing was accepted. What is
 * proven must be the record of this very step, made anew from deal and contract. A proof that holds once holds for
 * ever, so it may be asked for before the deal is locked.
 */
export async function proveAcceptance(dealId: string): Promise<AcceptanceCheck | null> {
  const row = await db.dealEvent.findFirst({
    where: { dealId, kind: { in: ["accepted", "accepted_by_silence"] } },
    include: { deal: { select: { buyerId: true } } },
    orderBy: { id: "desc" },
  });
  if (!row) return null;
  const event = dealEventOf(row);
  if (event.kind !== "accepted" && event.kind !== "accepted_by_silence") return null;
  const { envelopeSha256 } = event.details;
  const check = await verifyLogged(envelopeSha256);
  if (check.state !== "verified") return { since: event.at, ...check };
  const { statement, ...proven } = check;
  const { parsed, termsSha256 } = await getContract(db, dealId);
  const isThis = recordsStep(statement, {
    record: "acceptance",
    subjectId: dealId,
    ...(event.kind === "accepted"
      ? { party: "buyer", accountId: row.deal.buyerId }
      : { party: "platform", accountId: "platform" }),
    termsSha256,
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  });
  if (!isThis) return { since: event.at, state: "failed", reason: "other_record" };
  return { since: event.at, envelopeSha256, ...proven };
}
