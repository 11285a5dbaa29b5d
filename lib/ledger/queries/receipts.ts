import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** Who has seen transfers with these references arrive. One query for any number. */
export async function listConfirmers(
  references: readonly string[],
  tx: Pick<Tx, "paymentReceipt"> = db,
): Promise<{ reference: string; confirmedById: string }[]> {
  return tx.paymentReceipt.findMany({
    where: { reference: { in: [...references] } },
    select: { reference: true, confirmedById: true },
  });
}
