import type { Checkpoint } from "@/lib/log/checkpoint";
import { type CheckpointRefusal, openCheckpoint } from "@/lib/log/checkpoint";
import type { Cosignature } from "@/lib/log/cosignature";
import type { Hash } from "@/lib/log/merkle-tree";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { formatVkey } from "@/lib/log/signed-note";
import { type TlogPolicy, keysOf } from "@/lib/log/tlog-policy";
import { type ProofRefusal, readTlogProof, verifyTlogProof } from "@/lib/log/tlog-proof";
import { judgeObservers } from "@/lib/verification/judge";
import { timeText } from "@/lib/verification/wording";
import { type Row, cannotCheck, failedRow, notChecked, verified } from "./row";
import type { Trust } from "./trust";

const proofTexts: Record<ProofRefusal, string> = {
  malformed: "This is no proof in the form of C2SP tlog-proof.",
  untrusted_log: "You trust no log that signed the checkpoint.",
  forged: "A line of the checkpoint names a log or witness that you trust and does not hold.",
  not_included: "The entry is not in the tree that the log signed.",
  quorum_missing: "Fewer witnesses saw this tree than your policy asks for.",
};

export const noPolicyRow = cannotCheck(
  "log",
  "untrusted_log",
  "You hold no key of the log. Give --policy, --vkey or --trusted-root.",
  "untrusted_key",
);

/** What a saved proof shows of a leaf, under the policy that the person holds. */
export async function proofRow(
  proof: string,
  leaf: Hash,
  trust: Trust,
): Promise<{ rows: Row[]; checkpoint?: string }> {
  if (trust.policy === null) return { rows: [noPolicyRow] };
  const check = await verifyTlogProof(proof, leaf, trust.policy, verifyByNode);
  if (check.state === "failed") return { rows: [refusedRow(check.reason)] };
  const checkpoint = readTlogProof(proof)?.checkpoint;
  return { rows: logRows(check.index, check, trust.policy), ...(checkpoint && { checkpoint }) };
}

/** Entry and observers, once the proof holds. */
export function logRows(
  index: bigint,
  { checkpoint, cosignatures }: { checkpoint: Checkpoint; cosignatures: readonly Cosignature[] },
  policy: TlogPolicy,
): Row[] {
  const place = `entry ${index} of the ${checkpoint.size} of ${checkpoint.origin} (counted from 0)`;
  return [verified("log", place), observersRow(policy, cosignatures)];
}

/** How many of the policy's witnesses saw this tree. A policy that asks for none is no check. */
export function observersRow(policy: TlogPolicy, cosignatures: readonly Cosignature[]): Row {
  const found = judgeObservers(policy, cosignatures, "reader");
  const seen = `${found.seen} of ${found.listed} witnesses saw this tree`;
  const time = timeText(found.time);
  if (found.state === "verified") return verified("observers", `${seen}; ${time}`);
  switch (found.code) {
    case "no_quorum":
      return notChecked("observers", `${seen}; the policy asks for none; ${time}`, found.code);
    case "quorum_missing":
      return failedRow("observers", found.code, `${seen}, fewer than the policy asks for; ${time}`);
    default: {
      const said = `no outside observers yet: the policy names none; ${time}`;
      return notChecked("observers", said, "no_witnesses");
    }
  }
}

export type JudgedCheckpoint = { rows: Row[]; checkpoint?: Checkpoint; vkey?: string };

/** Judges a signed checkpoint by itself: who signed it, and who else saw it. */
export async function judgeCheckpoint(note: string, policy: TlogPolicy | null): Promise<JudgedCheckpoint> {
  const keys = policy ? keysOf(policy) : { logs: [], witnesses: [] };
  const opened = await openCheckpoint(note, keys, verifyByNode);
  if (typeof opened === "string") return { rows: [refusedRow(opened)] };
  const { checkpoint, logKey, cosignatures } = opened;
  const rows = [verified("log", `${checkpoint.origin} signed a tree of ${checkpoint.size} entries`)];
  return {
    rows: policy ? [...rows, observersRow(policy, cosignatures)] : rows,
    checkpoint,
    vkey: formatVkey(logKey),
  };
}

/** Why a proof or a checkpoint shows nothing. */
export function refusedRow(reason: ProofRefusal | CheckpointRefusal): Row {
  if (reason === "untrusted_log") return cannotCheck("log", reason, proofTexts[reason], "untrusted_key");
  return failedRow(reason === "quorum_missing" ? "observers" : "log", reason, proofTexts[reason]);
}
