import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** The accounts that bear these handles now, by handle; handles that nobody bears are left out. */
export async function idsByHandle(
  handles: Iterable<string>,
  tx: Pick<Tx, "account"> = db,
): Promise<Map<string, string>> {
  const rows = await tx.account.findMany({
    where: { handle: { in: [...new Set(handles)] } },
    select: { id: true, handle: true },
  });
  return new Map(rows.map(({ id, handle }) => [handle, id]));
}
