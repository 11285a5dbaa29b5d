import { type Check, cannotCheck, failed, notChecked, verified } from "@/lib/verification/check";
import { judgeObservers } from "@/lib/verification/judge";
import { readLogTrust } from "@/lib/verification/site";
import { observersCheck } from "@/lib/verification/wording";
import { type CheckpointRefusal, openCheckpoint } from "@/lib/log/checkpoint";
import { continueLog } from "@/lib/log/continuity";
import { canVerifyEd25519, verifyByWebCrypto } from "@/lib/log/ed25519";
import { keysOf } from "@/lib/log/tlog-policy";
import { demandContinuity } from "./kept-log";
import { siteAt } from "../evidence/site";
import { withContinuity } from "./with-continuity";

export type CheckpointChecks = { signature: Check; continuity: Check; observers: Check };

const refusals: Record<CheckpointRefusal, string> = {
  malformed: "what the log serves is no checkpoint",
  untrusted_log: "the checkpoint is not signed by the log’s key",
  forged: "a signature on it names a known key and does not hold",
};

/** Fetches the log's checkpoint and judges it here: the log's key, what this browser saw before, and its observers. */
export async function checkCheckpoint(): Promise<CheckpointChecks> {
  const later = (signature: Check): CheckpointChecks => ({
    signature,
    continuity: notChecked("there is no checkpoint to compare"),
    observers: notChecked("there is no checkpoint to look at"),
  });
  if (!(await canVerifyEd25519())) return later(cannotCheck("this browser does not know Ed25519 signatures"));
  const site = siteAt(location.origin);
  const [trust, note] = await Promise.all([readLogTrust(site), site.readText("/log/1/checkpoint")]);
  if (trust === "unreadable") return later(failed("what the log serves as its key or policy is none"));
  if (trust === null || trust === "unreachable" || note.text === null)
    return later(cannotCheck("the log does not answer"));
  const opened = await openCheckpoint(note.text, keysOf(trust.policy), verifyByWebCrypto);
  if (typeof opened === "string") return later(failed(refusals[opened]));
  const { size } = opened.checkpoint;
  const shown = { vkey: trust.vkey, checkpoint: note.text };
  const seen = await demandContinuity(shown, (kept, next) =>
    continueLog(kept, next, site.fetchTile, verifyByWebCrypto),
  );
  return {
    signature: verified(`signed with the key of ${opened.checkpoint.origin}`),
    continuity: withContinuity(`a log of ${size}`, seen),
    observers: observersCheck(judgeObservers(trust.policy, opened.cosignatures, "site"), "card"),
  };
}
