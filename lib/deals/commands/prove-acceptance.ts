import "server-only";
import { type LoggedCheck, type LoggedRefusal, verifyAllLogged } from "@/lib/evidence/queries/verify-logged";
import { db } from "@/lib/platform/db";
import { type SealedTerms, readContract } from "@/lib/terms/contract";
import { dealEventOf } from "../records";
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
  return (await proveAcceptances([dealId])).get(dealId) ?? null;
}

/** The same of many deals, in a fixed number of queries; those where nothing was accepted are left out. */
export async function proveAcceptances(dealIds: readonly string[]): Promise<Map<string, AcceptanceCheck>> {
  if (dealIds.length === 0) return new Map();
  const events = await lastAcceptances(dealIds);
  const checks = await verifyAllLogged(events.map(({ envelopeSha256 }) => envelopeSha256));
  const proven = events.filter(({ envelopeSha256 }) => checks.get(envelopeSha256)?.state === "verified");
  const contracts = await contractsOf(proven.map(({ dealId }) => dealId));
  return new Map(
    events.flatMap((event) => {
      const check = checks.get(event.envelopeSha256);
      return check ? [[event.dealId, acceptanceCheck(event, check, contracts.get(event.dealId))]] : [];
    }),
  );
}

type Accepted = {
  dealId: string;
  at: Date;
  /** Who accepted: the buyer, or the platform for a silent one. */
  by: { party: "buyer" | "platform"; accountId: string };
  envelopeSha256: string;
};

async function lastAcceptances(dealIds: readonly string[]): Promise<Accepted[]> {
  const events = await db.dealEvent.findMany({
    where: { dealId: { in: [...dealIds] }, kind: { in: ["accepted", "accepted_by_silence"] } },
    include: { deal: { select: { buyerId: true } } },
    orderBy: { id: "asc" },
  });
  const last = new Map(events.map((event) => [event.dealId, event]));
  return [...last.values()].flatMap((row) => {
    const event = dealEventOf(row);
    if (event.kind !== "accepted" && event.kind !== "accepted_by_silence") return [];
    const by =
      event.kind === "accepted"
        ? ({ party: "buyer", accountId: row.deal.buyerId } as const)
        : ({ party: "platform", accountId: "platform" } as const);
    return { dealId: row.dealId, at: event.at, by, envelopeSha256: event.details.envelopeSha256 };
  });
}

async function contractsOf(dealIds: readonly string[]): Promise<Map<string, SealedTerms>> {
  if (dealIds.length === 0) return new Map();
  const rows = await db.contract.findMany({ where: { dealId: { in: [...dealIds] } } });
  return new Map(rows.map((row) => [row.dealId, row]));
}

function acceptanceCheck(
  { dealId, at: since, by, envelopeSha256 }: Accepted,
  check: LoggedCheck,
  contract: SealedTerms | undefined,
): AcceptanceCheck {
  if (check.state !== "verified") return { since, ...check };
  if (!contract) throw new Error(`The accepted deal ${dealId} has no contract.`);
  const { statement, ...proven } = check;
  const { version, salt } = readContract(contract);
  const isThis = recordsStep(statement, {
    record: "acceptance",
    subjectId: dealId,
    ...by,
    termsSha256: contract.termsSha256,
    modelDigest: version.modelDigest,
    saltHex: salt,
  });
  return isThis ? { since, envelopeSha256, ...proven } : { since, state: "failed", reason: "other_record" };
}
