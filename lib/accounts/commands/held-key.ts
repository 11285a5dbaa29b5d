import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { KeyKind, KeyLife } from "../key";

export type HeldKeyEntry = {
  id: string;
  /** Null for the platform itself. */
  accountId: string | null;
  kind: KeyKind;
  label: string;
  spki: Uint8Array<ArrayBuffer>;
  isDemo: boolean;
};

/**
 * Lists the public half of a key whose private half this installation keeps, in force from `now` on; one that is listed
 * already stays as it is. Returns how it stands.
 */
export async function enterHeldKey(
  tx: Pick<Tx, "signingKey">,
  key: HeldKeyEntry,
  now: Date,
): Promise<KeyLife & { accountId: string | null; kind: KeyKind }> {
  await tx.signingKey.createMany({
    data: [{ ...key, isHeldHere: true, enrolledBy: "first_key", enrolledAt: now, effectiveAt: now }],
    skipDuplicates: true,
  });
  return tx.signingKey.findUniqueOrThrow({ where: { id: key.id } });
}
