import "server-only";
import { getDeal } from "@/lib/deals/queries/deals-by-id";
import { getContract } from "@/lib/deals/records";
import { recordEnvelope } from "@/lib/evidence/commands/record-envelope";
import { rulingStatement } from "@/lib/statements/kinds/ruling";
import { signAsPlatform } from "@/lib/evidence/commands/platform-key";
import { statementBytes } from "@/lib/statements/statement";
import { db, type Tx, inTransaction } from "@/lib/platform/db";
import type { RulingAmounts } from "../dispute";

export type StatedRuling = RulingAmounts & {
  disputeId: string;
  dealId: string;
  currency: string;
  moderatorId: string;
  rationale: string;
  at: Date;
  /** Set for a ruling older than its statement: when it was made. */
  isLate: boolean;
};

/**
 * Records what a moderator ruled as a statement of the platform, for the log, in the caller's transaction; the
 * envelope's address. The outcome stands in it in words, amounts and reason as digests under the salt of the contract,
 * which the parties hold; no name does.
 */
export async function recordRuling(tx: Tx, ruling: StatedRuling): Promise<string> {
  const { disputeId: dispute, dealId: deal, moderatorId: moderator, at, isLate, ...facts } = ruling;
  const { parsed, termsSha256 } = await getContract(tx, deal);
  const statement = rulingStatement({
    ...facts,
    ...{ deal, dispute, moderator, at, termsSha256 },
    ...(isLate ? { agreedBy: { method: "recorded" as const, statedAt: at.toISOString() } } : {}),
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  });
  const { sha256 } = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
  return sha256;
}

const BATCH = 100;

/** Records rulings that were made before there was a log, each once, also by several processes; how many. */
export async function recordEarlierRulings(): Promise<number> {
  const waiting = await db.ruling.findMany({
    where: { envelopeSha256: null },
    orderBy: { createdAt: "asc" },
    select: { id: true },
    take: BATCH,
  });
  for (const { id } of waiting) await inTransaction((tx) => recordEarlierRuling(tx, id));
  return waiting.length;
}

async function recordEarlierRuling(tx: Tx, rulingId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Ruling" WHERE id = ${rulingId} FOR UPDATE`;
  const row = await tx.ruling.findUniqueOrThrow({ where: { id: rulingId }, include: { dispute: true } });
  if (row.envelopeSha256 !== null) return;
  const { dealId } = row.dispute;
  const { currency } = await getDeal(tx, dealId);
  const { outcome, buyerMinor, sellerMinor, disputeId, moderatorId, rationale, createdAt: at } = row;
  const facts = { outcome, buyerMinor, sellerMinor, disputeId, moderatorId, rationale, at };
  const envelopeSha256 = await recordRuling(tx, { ...facts, dealId, currency, isLate: true });
  await tx.ruling.update({ where: { id: rulingId }, data: { envelopeSha256 } });
}
