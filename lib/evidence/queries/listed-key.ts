import "server-only";
import { keysWithOwners } from "@/lib/accounts/queries/signing-keys";
import { PLATFORM_NAME } from "../statement-view";

export type ListedKeyView = {
  keyId: string;
  /** SPKI DER, base64. */
  keySpkiBase64: string;
  kind: string;
  /** Whose it is; the platform's own name for its keys. */
  name: string;
  /** Null for the platform, which has no profile. */
  handle: string | null;
  isDemo: boolean;
  /** From when signatures by it count. */
  effectiveAt: string;
  /** What it signed from then on does not count; null while it is in force. */
  revokedAt: string | null;
};

/** A signing key as it is listed here, or null. Public: whose key made a signature is no secret. */
export async function findListedKey(keyId: string): Promise<ListedKeyView | null> {
  if (!/^[0-9a-f]{64}$/.test(keyId)) return null;
  const key = (await keysWithOwners([keyId])).get(keyId);
  if (!key) return null;
  return {
    keyId,
    keySpkiBase64: Buffer.from(key.spki).toString("base64"),
    kind: key.kind,
    name: key.account?.displayName ?? PLATFORM_NAME,
    handle: key.account?.handle ?? null,
    isDemo: key.isDemo,
    effectiveAt: key.effectiveAt.toISOString(),
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
