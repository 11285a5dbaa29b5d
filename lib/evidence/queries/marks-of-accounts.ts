import "server-only";
import { db } from "@/lib/platform/db";

/** The marks of every input on which these accounts had a run bound, published or not: see `lib/inference/input-marks.ts`. */
export async function marksOfAccounts(accountIds: readonly string[]): Promise<Uint8Array[]> {
  const rows = await db.evaluationInputs.findMany({
    where: { evaluation: { evaluatorId: { in: [...accountIds] } } },
    select: { marks: true },
  });
  return rows.map(({ marks }) => marks);
}
