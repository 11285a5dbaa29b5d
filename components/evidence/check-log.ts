import { decodeBase64, readEnvelope, toHex } from "@/lib/evidence/dsse";
import { canVerifyEd25519, verifyByWebCrypto } from "@/lib/evidence/log/ed25519";
import { leafHashOfEnvelope } from "@/lib/evidence/log/leaf-body";
import { readVkey } from "@/lib/evidence/log/signed-note";
import { type ProofRefusal, verifyTlogProof } from "@/lib/evidence/log/tlog-proof";

export type LogOutcome =
  | { state: "verified"; entry: string; size: string; proofHref: string }
  | { state: "waiting" }
  | { state: "failed"; message: string }
  | { state: "cannot_check"; message: string };

type Logged = { href: string; keySpkiBase64: string };

const reasons = {
  malformed: "what the log serves is not a proof.",
  untrusted_log: "the checkpoint is not signed by the log's key.",
  forged: "the checkpoint's signature does not hold.",
  not_included: "the entry is not in the tree that the log signed.",
  quorum_missing: "too few outside observers saw this tree.",
} as const satisfies Record<ProofRefusal, string>;

/**
 * Computes, in this browser, the leaf that the envelope must have in the log, and checks the log's proof that it is
 * there under a checkpoint with the log's own key.
 */
export async function checkLog({ href, keySpkiBase64 }: Logged): Promise<LogOutcome> {
  if (!(await canVerifyEd25519())) {
    return { state: "cannot_check", message: "this browser does not know Ed25519 signatures." };
  }
  const [envelopeText, vkeyText] = await Promise.all([textOf(href), textOf("/log/1/vkey")]);
  const envelope = envelopeText === null ? null : readEnvelope(envelopeText);
  const spki = decodeBase64(keySpkiBase64);
  if (!envelope || !spki) return { state: "cannot_check", message: "the envelope could not be fetched." };
  if (vkeyText === null) return { state: "waiting" };
  const log = readVkey(vkeyText.trim());
  if (!log) return { state: "failed", message: "the log's key is not a key." };
  const leaf = leafHashOfEnvelope(envelope, spki);
  const proofHref = `/log/1/proof/${toHex(leaf)}`;
  const proof = await textOf(proofHref);
  if (proof === null) return { state: "waiting" };
  const policy = { logs: [{ key: log }], witnesses: [], groups: [], quorum: null };
  const check = await verifyTlogProof(proof, leaf, policy, verifyByWebCrypto);
  if (check.state === "failed") return { state: "failed", message: reasons[check.reason] };
  return {
    state: "verified",
    entry: String(check.index + 1n),
    size: String(check.checkpoint.size),
    proofHref,
  };
}

async function textOf(address: string): Promise<string | null> {
  const response = await fetch(address).catch(() => null);
  return response?.ok ? response.text() : null;
}
