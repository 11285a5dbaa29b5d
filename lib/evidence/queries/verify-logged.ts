import "server-only";
import { keyIsValidAt } from "@/lib/accounts/key";
import { findSigningKey } from "@/lib/accounts/queries/accounts";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { readEnvelope } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import { requireSpeakersKey } from "../signer-policy";
import type { Statement } from "@/lib/statements/statement";
import { verifyEnvelope } from "@/lib/statements/verify-envelope";
import { leafHashOfEnvelope } from "@/lib/log/leaf-body";
import { LogDamageError } from "@/lib/log/log-damage";
import { findTlogProofs } from "@/lib/log/process/tlog-proofs";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { findOwnLogKey } from "@/lib/log/queries";
import { type ProofRefusal, verifyTlogProof } from "@/lib/log/tlog-proof";

/** Why the log proves nothing about an envelope although it should. */
export type LoggedRefusal =
  | ProofRefusal
  /** the envelope is not kept, its bytes or its signature do not hold, or its key might not speak */
  | "envelope_refused"
  /** the key of the log is missing, or is not of the name this installation has */
  | "other_log"
  /** tiles, leaves and checkpoint of the database contradict each other */
  | "log_damaged";

export type LoggedCheck =
  | {
      state: "verified";
      /** What was signed, from the very bytes that are proven. */
      statement: Statement;
      /** Hex. */
      leafHash: string;
      index: bigint;
      /** Size of the tree whose signed root the proof leads to. */
      treeSize: bigint;
      /** C2SP tlog-proof: proves the leaf offline and for ever. */
      proof: string;
    }
  | { state: "waiting" }
  | { state: "failed"; reason: LoggedRefusal };

/**
 * Whether envelopes that are kept here are proven by the published log, by their addresses, believing nothing that the
 * database says of itself: an envelope's bytes are hashed, its signature checked and its leaf made anew from it, the
 * checkpoint must bear the signature of the one key this log has had since its start, and the inclusion proof must lead
 * from that leaf to the signed root. "Waiting" while no published checkpoint covers the leaf. A fixed number of queries.
 */
export async function verifyAllLogged(envelopeSha256s: readonly string[]): Promise<Map<string, LoggedCheck>> {
  // Prisma reads in one query what is asked for at once by unique keys.
  const entries = await Promise.all(
    envelopeSha256s.map(async (sha256) => ({ sha256, entry: await checkedLeaf(sha256) })),
  );
  const leaves = entries.flatMap(({ entry }) => (entry ? [toHex(entry.leaf)] : []));
  const proofs = await findTlogProofs(leaves).catch((error: unknown) => {
    if (error instanceof LogDamageError) return error;
    throw error;
  });
  const key = await findOwnLogKey();
  const checks = entries.map(async ({ sha256, entry }) => {
    if (!entry) return [sha256, failed("envelope_refused")] as const;
    const proof = proofs instanceof LogDamageError ? proofs : proofs.get(toHex(entry.leaf));
    return [sha256, await checkProof(entry, proof, key)] as const;
  });
  return new Map(await Promise.all(checks));
}

/** The same of one envelope. */
export async function verifyLogged(envelopeSha256: string): Promise<LoggedCheck> {
  return (await verifyAllLogged([envelopeSha256])).get(envelopeSha256) ?? failed("envelope_refused");
}

async function checkProof(
  { statement, leaf }: { statement: Statement; leaf: Uint8Array },
  proof: string | LogDamageError | undefined,
  key: Awaited<ReturnType<typeof findOwnLogKey>>,
): Promise<LoggedCheck> {
  if (proof instanceof LogDamageError) return failed("log_damaged");
  if (proof === undefined) return { state: "waiting" };
  if (!key) return failed("other_log");
  const policy = { logs: [{ key }], witnesses: [], groups: [], quorum: null };
  const check = await verifyTlogProof(proof, leaf, policy, verifyByNode);
  if (check.state === "failed") return failed(check.reason);
  const { index, checkpoint } = check;
  return { state: "verified", statement, leafHash: toHex(leaf), index, treeSize: checkpoint.size, proof };
}

/** Statement and leaf of an envelope whose bytes, signature and speaker hold; null otherwise. */
async function checkedLeaf(
  envelopeSha256: string,
): Promise<{ statement: Statement; leaf: Uint8Array } | null> {
  const row = await db.envelope.findUnique({ where: { sha256: envelopeSha256 } });
  const key = row && (await findSigningKey(row.keyId));
  const envelope = row && readEnvelope(row.body);
  if (!key || !envelope || !keyIsValidAt(key, row.createdAt)) return null;
  const check = await verifyEnvelope(row.body, { trustedKeys: [key.spki], envelopeSha256 });
  if (check.state !== "verified" || !maySpeak(check.statement, key)) return null;
  return { statement: check.statement, leaf: leafHashOfEnvelope(envelope, key.spki) };
}

function maySpeak(statement: Statement, key: Parameters<typeof requireSpeakersKey>[1]): boolean {
  try {
    requireSpeakersKey(statement, key);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function failed(reason: LoggedRefusal): LoggedCheck {
  return { state: "failed", reason };
}
