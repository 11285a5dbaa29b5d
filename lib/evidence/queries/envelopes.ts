import "server-only";
import { signingKeysById } from "@/lib/accounts/queries/signing-keys";
import { db } from "@/lib/platform/db";

/** An envelope's exact text, or why it was erased by law. */
export type FoundEnvelope = { state: "kept"; body: string } | { state: "erased"; message: string };

/** An envelope by its SHA-256, or null. Public: what is signed here can be checked by anybody. */
export async function findEnvelope(sha256: string): Promise<FoundEnvelope | null> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return null;
  const row = await db.envelope.findUnique({
    where: { sha256 },
    select: { body: true, erasure: true },
  });
  if (!row?.erasure) return row && { state: "kept", body: row.body };
  const { ground, reason, tombstoneSha256 } = row.erasure;
  const message = `The text was erased by law (${ground}): ${reason} Its entry in the log stays; the tombstone is the envelope ${tombstoneSha256}.`;
  return { state: "erased", message };
}

export type EnvelopeRow = {
  sha256: string;
  /** The envelope's JSON, byte for byte. */
  body: string;
  predicateType: string;
  keyId: string;
  /** SPKI DER of the key, base64. */
  keySpkiBase64: string;
  keyRevokedAt: Date | null;
  createdAt: Date;
};

/** The envelopes of a listing's signed evaluations, newest first, with the keys to check them. */
export async function listEnvelopesOfListing(listingId: string): Promise<EnvelopeRow[]> {
  const envelopes = await db.envelope.findMany({
    where: { evaluations: { some: { listingId } }, erasure: null },
    orderBy: [{ createdAt: "desc" }, { sha256: "asc" }],
  });
  const keys = await signingKeysById(envelopes.map(({ keyId }) => keyId));
  return envelopes.flatMap(({ sha256, body, predicateType, keyId, createdAt }) => {
    const key = keys.get(keyId);
    if (!key) return [];
    const keySpkiBase64 = Buffer.from(key.spki).toString("base64");
    return { sha256, body, predicateType, keyId, keySpkiBase64, keyRevokedAt: key.revokedAt, createdAt };
  });
}

/** The exact texts of envelopes by their addresses; those that were erased are left out. One query for any number. */
export async function findEnvelopeTexts(envelopeSha256s: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.envelope.findMany({
    where: { sha256: { in: [...envelopeSha256s] }, body: { not: "" } },
    select: { sha256: true, body: true },
  });
  return new Map(rows.map(({ sha256, body }) => [sha256, body]));
}
