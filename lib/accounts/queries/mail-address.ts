import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Where mail reaches an account; null when it does not exist. Never shown to anybody. */
export async function findMailAddress(tx: Pick<Tx, "account">, accountId: string): Promise<string | null> {
  const row = await tx.account.findUnique({ where: { id: accountId }, select: { email: true } });
  return row?.email ?? null;
}
