import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** Who has seen transfers for these references arrive. One query for any number. */
export async function listConfirmers(
  references: readonly string[],
  tx: Pick<Tx, "paymentReceipt"> = db,
): Promise<{ reference: string; confirmedById: string }[]> {
  return tx.paymentReceipt.findMany({
    where: { reference: { in: [...references] }, transfer: { use: null } },
    select: { reference: true, confirmedById: true },
  });
}

/** Whether this person has not said this of this transfer yet. */
export async function isReceiptNews(
  tx: Tx,
  receipt: { transferId: string; reference: string; confirmedById: string },
): Promise<boolean> {
  return (await tx.paymentReceipt.count({ where: receipt })) === 0;
}
