import { canonicalJson } from "@/lib/shared/jcs";
import type { DsseEnvelope } from "./dsse";
import { hexDigest } from "./verify-envelope";

/** The address of an envelope: the SHA-256 of its canonical text, however it was written when it was handed in. */
export function addressOf({ payload, payloadType, signatures }: DsseEnvelope): string {
  return hexDigest(canonicalJson({ payload, payloadType, signatures }));
}
