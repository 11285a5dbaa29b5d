import "server-only";
import { readLeafBody } from "@/lib/log/leaf-body";
import { findLoggedLeaf } from "@/lib/log/queries";
import { formatBundle } from "@/lib/log/sigstore-bundle";
import { db } from "@/lib/platform/db";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { type DsseEnvelope, readEnvelope } from "@/lib/statements/dsse";

/** The Sigstore bundle of a leaf; null when it is not published, "payload_unavailable" when its envelope was erased. */
export async function findBundle(leafHashHex: string): Promise<string | "payload_unavailable" | null> {
  const leaf = await findLoggedLeaf(leafHashHex);
  const record = leaf && readLeafBody(leaf.body);
  if (!leaf || !record) return null;
  const row = await db.envelope.findUnique({
    where: { sha256: leaf.envelopeSha256 },
    select: { body: true },
  });
  const envelope = row && readEnvelope(row.body);
  if (!envelope) return "payload_unavailable";
  const { log, index, hashes } = leaf;
  const logged = { envelope: withStandardBase64(envelope), spki: record.spki, index, hashes };
  return formatBundle({ ...logged, tree: log.checkpoint, checkpoint: log.note }, log.key);
}

/** Sigstore reads standard base64 only; the bytes are the same. */
function withStandardBase64(envelope: DsseEnvelope): DsseEnvelope {
  const standard = (text: string) => encodeBase64(decodeBase64(text) ?? new Uint8Array());
  const signatures = envelope.signatures.map(({ keyid, sig }) => ({
    keyid: keyid ?? "",
    sig: standard(sig),
  }));
  return { ...envelope, payload: standard(envelope.payload), signatures };
}
