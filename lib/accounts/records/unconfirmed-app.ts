import "server-only";
import type { Tx } from "@/lib/platform/db";
import { UNCONFIRMED_LIFE_SECONDS } from "../second-factor";

export type UnconfirmedApp = { id: string; label: string; sealedSecret: Uint8Array };

/** The authenticator app of an account that waits for its first code, or null. */
export async function findUnconfirmedApp(
  tx: Pick<Tx, "secondFactor">,
  accountId: string,
): Promise<UnconfirmedApp | null> {
  const since = new Date(Date.now() - UNCONFIRMED_LIFE_SECONDS * 1000);
  const app = await tx.secondFactor.findFirst({
    where: { accountId, confirmedAt: null, createdAt: { gt: since } },
  });
  return app?.sealedSecret ? { id: app.id, label: app.label, sealedSecret: app.sealedSecret } : null;
}
