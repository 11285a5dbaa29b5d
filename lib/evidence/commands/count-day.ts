import "server-only";
import { listModelDigests } from "@/lib/catalogue/queries/model-digests";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db } from "@/lib/platform/db";
import { type ModelCount, countOfModel, partsOfCount } from "../daily-count";
import { toHex } from "@/lib/shared/encoding";
import { completenessStatement } from "@/lib/statements/kinds/completeness";
import { findPublishedLog } from "@/lib/log/queries";
import { signAsPlatform } from "./platform-key";
import { listPlacedStatements } from "../queries/placed-statements";
import { statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";

/** Counting reads every model's statements, which takes longer than other transactions may. */
const COUNT_TIMEOUT_MS = 600_000;

/**
 * Signs, once for each day (UTC), how many statements about every model kept here the published log holds, with the
 * last of each: leaving one out becomes a signed lie. True when this call did it; false when it is done already or no
 * checkpoint was published yet. Twice at once, one of them does it and the other counts nothing.
 */
export async function countDay(): Promise<boolean> {
  const day = (await currentTime()).toISOString().slice(0, 10);
  if (await isCounted(day)) return false;
  const log = await findPublishedLog();
  if (!log) return false;
  const { size, root } = log.checkpoint;
  const count = async (tx: Tx) => {
    const [turn] = await tx.$queryRaw<{ isOurs: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('DailyCount', 0)) AS "isOurs"`;
    if (!turn?.isOurs || (await tx.dailyCount.count({ where: { day } })) > 0) return false;
    const parts = partsOfCount(day, { size, root: toHex(root) }, await countModels(size));
    for (const predicate of parts) {
      const bytes = statementBytes(completenessStatement(predicate));
      const { sha256 } = await recordEnvelope(tx, await signAsPlatform(bytes, tx));
      await tx.dailyCount.create({
        data: {
          day,
          part: predicate.part,
          parts: predicate.parts,
          logSize: size,
          envelopeSha256: sha256,
          createdAt: await currentTime(tx),
        },
      });
    }
    return true;
  };
  return db.$transaction(count, { timeout: COUNT_TIMEOUT_MS });
}

async function isCounted(day: string): Promise<boolean> {
  return (await db.dailyCount.count({ where: { day } })) > 0;
}

async function countModels(size: bigint): Promise<ModelCount[]> {
  const counts: ModelCount[] = [];
  for (const modelDigest of await listModelDigests()) {
    const placed = await listPlacedStatements(modelDigest, size);
    const count = countOfModel(modelDigest, placed, size);
    if (count) counts.push(count);
  }
  return counts;
}
