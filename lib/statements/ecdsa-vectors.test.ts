import { expect, test } from "vitest";
import { encodeBase64 } from "@/lib/shared/encoding";
import { type SignatureGroup, disagreementsOf, readVectors } from "@/lib/shared/vectors.fixture";
import { holdsUnder, readSignature } from "./dsse";

/** As an envelope's signature is judged: read from its base64, then held against the key and the bytes. */
async function judge(spki: Uint8Array, message: Uint8Array<ArrayBuffer>, signature: Uint8Array) {
  const raw = readSignature(encodeBase64(signature));
  return raw !== null && holdsUnder(spki, raw, message);
}

const files = [
  ["DER", "ecdsa_secp256r1_sha256", 174, 310],
  ["raw", "ecdsa_secp256r1_sha256_p1363", 173, 89],
] as const;

test.each(files)(
  "every %s signature of Wycheproof gets the verdict of its file from what judges our envelopes",
  async (_form, name, valid, invalid) => {
    const groups = readVectors<SignatureGroup[]>("statements", name);
    const verdicts = groups.flatMap(({ tests }) => tests).map(({ result }) => result);
    const countOf = (verdict: string) => verdicts.filter((given) => given === verdict).length;
    // None is left open as acceptable, so that every verdict is theirs.
    expect([countOf("valid"), countOf("invalid"), verdicts.length]).toEqual([
      valid,
      invalid,
      valid + invalid,
    ]);
    expect(await disagreementsOf(groups, judge)).toEqual([]);
  },
);
