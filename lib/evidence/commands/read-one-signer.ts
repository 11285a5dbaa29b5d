import "server-only";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { isKeyId, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { canonicalJson } from "@/lib/shared/jcs";

/**
 * Reads an envelope with one signature that names its key, and writes it anew in the one spelling of base64 and JSON:
 * nothing unsigned travels along, and one envelope has one address. Throws `envelope_refused`.
 */
export function readOneSigner(envelopeText: string): { body: string; keyId: string; payload: string } {
  const envelope = readEnvelope(envelopeText);
  const [signature, ...others] = envelope?.signatures ?? [];
  const keyId = signature?.keyid;
  const bytes = envelope && decodeBase64(envelope.payload);
  const sig = signature && decodeBase64(signature.sig);
  refuseUnless(
    envelope && bytes && sig && isKeyId(keyId) && others.length === 0,
    "envelope_refused",
    "This is not a DSSE envelope with one signature that names its key.",
  );
  const payload = encodeBase64(bytes);
  const { payloadType } = envelope;
  try {
    const signatures = [{ keyid: keyId, sig: encodeBase64(sig) }];
    return { body: canonicalJson({ payload, payloadType, signatures }), keyId, payload };
  } catch {
    throw new DomainError("envelope_refused", "The envelope holds text that is not Unicode.");
  }
}
