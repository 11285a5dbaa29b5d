import { toHex } from "@/lib/shared/encoding";
import type { HeldFile } from "./file-comparison";
import { type Check, cannotCheck, failed, notChecked, verified } from "./check";
import { judgeObservers } from "./judge";
import { observersCheck } from "./wording";
import { openCheckpoint } from "@/lib/log/checkpoint";
import { verifyByWebCrypto } from "@/lib/log/ed25519";
import { leafHashOfEnvelope } from "@/lib/log/leaf-body";
import { leafHash, verifyInclusion } from "@/lib/log/merkle-tree";
import { keysOf } from "@/lib/log/tlog-policy";
import { type TlogProof, readTlogProof } from "@/lib/log/tlog-proof";
import type { EvidenceDocument } from "./document";
import { type Claimed, addClaim, claimOfLeaf } from "./add-claim";
import { findModels } from "./find-models";
import type { Manifests } from "./held-files";
import { type InspectionReport, emptyReport } from "./report";
import { type Site, readEntry, readListedKey, readLogTrust } from "./site";

/** A file that was handed in, hashed, and read where it has the form of evidence. */
export type Handed = { name: string; sizeBytes: number; document: EvidenceDocument } & Omit<HeldFile, "path">;

/**
 * Judges everything that was handed in together: a proof is tried on each envelope, lists of files and model files on
 * each claim. Model files alone are looked up by their digests.
 */
export async function inspect(handed: readonly Handed[], site: Site): Promise<InspectionReport> {
  const report = emptyReport();
  const held: HeldFile[] = [];
  const manifests: Manifests = new Map();
  const proofs: { name: string; text: string; isUsed: boolean }[] = [];
  for (const { name, sizeBytes, document, ...digests } of handed) {
    const { sha256 } = digests;
    const problem = document.kind === "broken" ? brokenText[document.of] : null;
    report.files.push({ name, sizeBytes, sha256, kind: document.kind, problem });
    if (document.kind === "other") held.push({ path: name, ...digests });
    if (document.kind === "manifest") manifests.set(document.modelDigest, document.files);
    if (document.kind === "proof") proofs.push({ name, text: document.text, isUsed: false });
    if (document.kind === "foreign") report.notes.push(`${name}: ${foreignText}`);
    if (document.kind === "checkpoint")
      report.checkpoints.push(await judgeCheckpoint(name, document.text, site));
  }
  for (const { name, document } of handed) {
    if (document.kind !== "envelope" && document.kind !== "bundle") continue;
    const proof = document.kind === "envelope" ? await proofFor(document, proofs, site) : undefined;
    await addClaim(report, name, document, proof?.text, held, manifests, site);
  }
  for (const proof of proofs.filter(({ isUsed }) => !isUsed)) {
    const found = await claimOfProof(proof.text, site);
    if (typeof found === "string") report.notes.push(`${proof.name}: ${found}`);
    else await addClaim(report, proof.name, found.document, proof.text, held, manifests, site);
  }
  if (report.claims.length === 0 && (held.length > 0 || manifests.size > 0))
    await findModels(report, held, manifests, site);
  return report;
}

const foreignText =
  "cannot check. It is a Sigstore bundle by a certificate, of a file, or in an older log, which is not checked here; that says nothing against it.";

const brokenText = {
  envelope: "it looks like a signed envelope and is none",
  bundle: "it looks like a bundle and is none, or its parts contradict each other",
  proof: "it begins like a proof and is none",
  checkpoint: "it looks like a checkpoint and is none",
} as const;

/** The proof handed in that is about this envelope; undefined when none is. */
async function proofFor(
  document: Extract<EvidenceDocument, { kind: "envelope" }>,
  proofs: { text: string; isUsed: boolean }[],
  site: Site,
) {
  const keyId = document.hint ?? document.envelope.signatures[0]?.keyid ?? "";
  const key = proofs.length > 0 ? await readListedKey(site, keyId) : "unlisted";
  if (typeof key === "string" || document.envelope.signatures.length !== 1) return undefined;
  const hash = leafHashOfEnvelope(document.envelope, key.spki);
  const fits = (proof: { text: string; isUsed: boolean }) => leadsToItsRoot(proof.text, hash);
  // A single envelope with a single proof belong together, also where the proof turns out to be wrong.
  const proof = proofs.find(fits) ?? (proofs.length === 1 && !proofs[0]?.isUsed ? proofs[0] : undefined);
  if (proof) proof.isUsed = true;
  return proof;
}

function leadsToItsRoot(proofText: string, hash: Uint8Array): boolean {
  const proof = readTlogProof(proofText);
  const tree = proof && treeOf(proof);
  return Boolean(proof && tree && verifyInclusion({ index: proof.index, hash }, tree, proof.hashes));
}

function treeOf({ checkpoint }: TlogProof): { size: bigint; root: Uint8Array } | null {
  const [, size = "", root = ""] = checkpoint.split("\n");
  if (!/^\d{1,19}$/.test(size)) return null;
  try {
    return { size: BigInt(size), root: Uint8Array.from(atob(root), (character) => character.charCodeAt(0)) };
  } catch {
    return null;
  }
}

/**
 * A proof alone says where something stands and not what: the entry at its place is read from authenticated tiles of
 * the tree it speaks of, and the site is asked for the envelope. The proof is then checked like any other.
 */
async function claimOfProof(text: string, site: Site): Promise<{ document: Claimed } | string> {
  const proof = readTlogProof(text);
  const trust = await readLogTrust(site);
  if (!proof) return brokenText.proof;
  if (trust === null || typeof trust === "string")
    return "the log does not answer, so its entry cannot be read.";
  const opened = await openCheckpoint(proof.checkpoint, keysOf(trust.policy), verifyByWebCrypto);
  if (opened === "untrusted_log") return "it is of another log, or not signed with this log’s key.";
  if (typeof opened === "string") return "FAILED: its checkpoint does not hold.";
  if (proof.index >= opened.checkpoint.size) return "FAILED: its entry lies beyond the tree that was signed.";
  try {
    const entry = await readEntry(site, opened.checkpoint, proof.index);
    if (!entry) return "the log does not give its entry.";
    const hash = leafHash(entry);
    if (!verifyInclusion({ index: proof.index, hash }, opened.checkpoint, proof.hashes))
      return "FAILED: the entry at its place is not the one it proves.";
    return await claimOfLeaf(toHex(hash), site);
  } catch {
    return "the log’s tiles could not be read, or do not lead to what it signed.";
  }
}

/** A checkpoint handed in: the log's key, and who else signed it. */
async function judgeCheckpoint(
  name: string,
  text: string,
  site: Site,
): Promise<InspectionReport["checkpoints"][number]> {
  const without = (signature: Check) => ({
    name,
    signature,
    observers: notChecked("there is no tree to ask about"),
    seen: null,
    shown: null,
    size: null,
  });
  const trust = await readLogTrust(site);
  if (trust === null || typeof trust === "string") return without(cannotCheck("the log does not answer"));
  const opened = await openCheckpoint(text, keysOf(trust.policy), verifyByWebCrypto);
  if (opened === "untrusted_log")
    return without(cannotCheck("it is of another log, or not signed with this log’s key"));
  if (typeof opened === "string")
    return without(failed("it is no checkpoint, or a known signature does not hold"));
  return {
    name,
    signature: verified(`signed with the key of ${opened.checkpoint.origin}`),
    observers: observersCheck(judgeObservers(trust.policy, opened.cosignatures, "site"), "desk"),
    seen: null,
    shown: { vkey: trust.vkey, checkpoint: text },
    size: opened.checkpoint.size.toString(),
  };
}
