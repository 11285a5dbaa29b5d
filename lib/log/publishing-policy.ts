import { type NoteKey, SIGNATURE_TYPE, formatVkey } from "./signed-note";
import { type TlogPolicy, formatPolicy, meetsQuorum } from "./tlog-policy";

/** A witness that is asked before a checkpoint is published. */
export type AskedWitness = { name: string; key: NoteKey; url: string };

/** Nobody is asked, and nobody is needed. */
export const NO_WITNESSES: TlogPolicy = { logs: [], witnesses: [], groups: [], quorum: null };

/** The witnesses of a policy that can be asked: they have an address, and sign in a way that is verified here. */
export function askedWitnesses({ witnesses }: TlogPolicy): AskedWitness[] {
  return witnesses.flatMap(({ name, key, url }) =>
    url !== undefined && key.type === SIGNATURE_TYPE.cosignatureV1 ? [{ name, key, url }] : [],
  );
}

/** Why a log cannot be published under this policy, in words; null when it can. */
export function policyFault(policy: TlogPolicy, own: NoteKey): string | null {
  if (policy.logs.length > 0 && policy.logs.every(({ key }) => formatVkey(key) !== formatVkey(own)))
    return `it names other logs, and not ${formatVkey(own)}`;
  const asked = askedWitnesses(policy);
  const unreadable = asked.find(({ url }) => !/^https?:\/\/[^\s/]+/.test(url) || !URL.canParse(url));
  if (unreadable) return `the address of the witness ${unreadable.name} is not one of http or https`;
  return meetsQuorum(
    policy,
    asked.map(({ key }) => ({ key, timestamp: 1n })),
  )
    ? null
    : "its quorum cannot be met by witnesses with an address and an Ed25519 key";
}

/** What of a policy everybody may know: who must have seen a checkpoint, and not where they are asked. */
export function publicPart({ witnesses, groups, quorum }: TlogPolicy): string {
  const named = witnesses.map(({ name, key }) => ({ name, key }));
  return formatPolicy({ logs: [], witnesses: named, groups, quorum });
}
