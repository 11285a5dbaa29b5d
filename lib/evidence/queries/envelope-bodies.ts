import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** The JSON of kept envelopes, byte for byte, by their address. One query for any number. */
export async function envelopeBodies(
  envelopeSha256s: readonly string[],
  tx: Pick<Tx, "envelope"> = db,
): Promise<Map<string, string>> {
  const rows = await tx.envelope.findMany({
    where: { sha256: { in: [...envelopeSha256s] } },
    select: { sha256: true, body: true },
  });
  return new Map(rows.map((row) => [row.sha256, row.body]));
}
