import "server-only";
import { encodeBase64 } from "@/lib/shared/encoding";
import { openCheckpoint } from "@/lib/log/checkpoint";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { findPolicy, findPublishedLog } from "@/lib/log/queries";
import { keysOf, readPolicy } from "@/lib/log/tlog-policy";

export type LogSummary = {
  origin: string;
  size: bigint;
  rootBase64: string;
  vkey: string;
  publishedAt: Date;
  /** Witnesses of the policy, and when each last signed this very checkpoint; null where it has not. */
  witnesses: { name: string; cosignedAt: Date | null }[];
};

/** The published log as its page describes it; null before its first checkpoint. Public. */
export async function findLogSummary(): Promise<LogSummary | null> {
  const [log, policyText] = await Promise.all([findPublishedLog(), findPolicy()]);
  if (!log || policyText === null) return null;
  const policy = readPolicy(policyText);
  const opened = await openCheckpoint(log.note, keysOf(policy), verifyByNode);
  const cosignatures = typeof opened === "string" ? [] : opened.cosignatures;
  const { origin, size, root } = log.checkpoint;
  return {
    origin,
    size,
    rootBase64: encodeBase64(root),
    vkey: log.vkey,
    publishedAt: log.publishedAt,
    witnesses: policy.witnesses.map(({ name, key }) => {
      const seen = cosignatures.find((cosignature) => cosignature.key.keyId === key.keyId);
      return { name, cosignedAt: seen ? new Date(Number(seen.timestamp) * 1000) : null };
    }),
  };
}
