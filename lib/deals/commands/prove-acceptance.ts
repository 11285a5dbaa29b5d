import "server-only";
import { type LoggedCheck, type LoggedRefusal, verifyLogged } from "@/lib/evidence/queries/verify-logged";
import { db } from "@/lib/platform/db";
import { dealEventOf, getContract } from "../records";
import { recordsStep } from "../signature";

export type ProvenAcceptance = Omit<Extract<LoggedCheck, { state: "verified" }>, "statement"> & {
  envelopeSha256: string;
};

/** "waiting": no published checkpoint covers the record yet. */
export type AcceptanceCheck =
  ProvenAcceptance | { state: "waiting" } | { state: "failed"; reason: LoggedRefusal | "other_record" };

/**
 * Whether the published log proves the record of this deal's acceptance; null where nothing was accepted. What is
 * proven must be the record of this very step, made anew from deal and contract. A proof that holds once holds for
 * ever, so it may be asked for before the deal is locked.
 */
export async function proveAcceptance(dealId: string): Promise<AcceptanceCheck | null> {
  const accepted = await findAcceptance(dealId);
  if (!accepted) return null;
  const { by, envelopeSha256 } = accepted;
  const check = await verifyLogged(envelopeSha256);
  if (check.state !== "verified") return check;
  const { statement, ...proven } = check;
  const { parsed, termsSha256 } = await getContract(db, dealId);
  const isThis = recordsStep(statement, {
    record: "acceptance",
    subjectId: dealId,
    ...by,
    termsSha256,
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  });
  return isThis ? { envelopeSha256, ...proven } : { state: "failed", reason: "other_record" };
}

/** Who accepted, the buyer or the platform for a silent one, and the record of it. A deal is accepted at most once. */
async function findAcceptance(dealId: string) {
  const row = await db.dealEvent.findFirst({
    where: { dealId, kind: { in: ["accepted", "accepted_by_silence"] } },
    include: { deal: { select: { buyerId: true } } },
  });
  if (!row) return null;
  const event = dealEventOf(row);
  if (event.kind !== "accepted" && event.kind !== "accepted_by_silence") return null;
  const by =
    event.kind === "accepted"
      ? ({ party: "buyer", accountId: row.deal.buyerId } as const)
      : ({ party: "platform", accountId: "platform" } as const);
  return { by, envelopeSha256: event.details.envelopeSha256 };
}
