import "server-only";
import type pg from "pg";
import { NO_WITNESSES, policyFault, publicPart } from "../publishing-policy";
import { findPolicyText, insertPolicy } from "../records";
import { SequencerRefusal } from "./sequencer-start";
import type { NoteKey } from "../signed-note";
import { type TlogPolicy, readPolicy } from "../tlog-policy";

/**
 * Puts the operator's policy in force and writes it down, for pages and readers to see. Refused when the log could
 * never publish under it, and when none is given although the last one had a quorum: observers are given up by a file
 * that says so, and never by a setting that went missing.
 *
 * Runs in the caller's transaction, under the lock of the head. Throws SequencerRefusal.
 */
export async function adoptPolicy(
  client: pg.Client,
  given: TlogPolicy | undefined,
  own: NoteKey,
): Promise<TlogPolicy> {
  const known = await findPolicyText(client);
  if (!given && known !== null && readPolicy(known).quorum !== null)
    throw new SequencerRefusal(
      "policy_missing",
      "This log is published under a policy with a quorum, and no policy file is named. " +
        'To publish without observers, name a file that says "quorum none".',
    );
  const policy = given ?? NO_WITNESSES;
  const fault = policyFault(policy, own);
  if (fault !== null) throw new SequencerRefusal("policy_unusable", `The policy cannot be used: ${fault}.`);
  const text = publicPart(policy);
  if (text !== (known ?? publicPart(NO_WITNESSES))) await insertPolicy(client, text);
  return policy;
}
