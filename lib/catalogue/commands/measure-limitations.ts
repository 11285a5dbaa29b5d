import "server-only";
import type { Tx } from "@/lib/platform/db";
import { Prisma } from "@/prisma/generated/client";
import type { Limitation } from "../limitation";

/** Puts measured figures beside the limitations that a listing states as present. For evidence, in its transaction. */
export async function measureLimitations(
  tx: Tx,
  listingId: string,
  measured: readonly Pick<Limitation, "type" | "effect">[],
): Promise<void> {
  for (const { type, effect } of measured) {
    if (!effect) continue;
    await tx.listingLimitation.updateMany({
      where: { listingId, type, presence: "present" },
      data: { effect, source: "measured" },
    });
  }
}

/** Takes every figure off a listing's limitations: they stand as declared until an evaluation is signed. */
export async function withdrawFigures(tx: Tx, listingId: string): Promise<void> {
  await tx.listingLimitation.updateMany({
    where: { listingId },
    data: { effect: Prisma.DbNull, source: "declared" },
  });
}
