import { decodeBase64 } from "@/lib/evidence/dsse";
import { verifyEnvelope } from "@/lib/evidence/verify-envelope";

export type EnvelopeOutcome =
  { state: "verified" } | { state: "failed"; message: string } | { state: "cannot_check"; message: string };

type Expected = {
  sha256: string;
  href: string;
  payloadSha256: string;
  predicateType: string;
  keySpkiBase64: string;
  subjectSha256: string | null;
};

/**
 * Fetches an envelope and checks, in this browser: its bytes have the digest shown, the key shown signed it, it is a
 * statement of this kind about these files, and the sentences on the page were written from these very bytes.
 */
export async function checkEnvelope(expected: Expected): Promise<EnvelopeOutcome> {
  let text: string;
  try {
    const response = await fetch(expected.href);
    if (!response.ok) return unreachable(response.status);
    text = await response.text();
  } catch {
    return unreachable(null);
  }
  const check = await verifyEnvelope(text, {
    trustedKeys: [decodeBase64(expected.keySpkiBase64) ?? new Uint8Array()],
    envelopeSha256: expected.sha256,
    predicateType: expected.predicateType,
    ...(expected.subjectSha256 === null ? {} : { subjectSha256: expected.subjectSha256 }),
  });
  if (check.state !== "verified") return { state: check.state, message: check.message };
  if (check.payloadSha256 !== expected.payloadSha256) {
    return { state: "failed", message: "The sentences above were written from another statement." };
  }
  return { state: "verified" };
}

function unreachable(status: number | null): EnvelopeOutcome {
  const why = status === null ? "it could not be fetched" : `the server answered ${status}`;
  return { state: "cannot_check", message: `the envelope is missing: ${why}.` };
}
