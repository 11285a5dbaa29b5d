import type { Cosignature } from "./cosignature";
import { type NoteKey, SIGNATURE_TYPE, formatVkey, readVkey } from "./signed-note";
import { toHex } from "@/lib/shared/encoding";

/** C2SP tlog-policy: which logs count, and which witnesses must have seen what they show. */
export type TlogPolicy = {
  logs: { key: NoteKey; url?: string }[];
  witnesses: { name: string; key: NoteKey; url?: string }[];
  groups: { name: string; threshold: number; members: string[] }[];
  /** A witness, a group, or null for none. */
  quorum: string | null;
};

const MAX_POLICY_CHARACTERS = 256_000;
const MAX_LINES_OF_A_KIND = 256;

/** A line of a policy that breaks the rules; the whole policy is then refused. */
export class PolicyError extends Error {
  constructor(
    readonly line: number,
    what: string,
  ) {
    super(`Line ${line} of the policy: ${what}.`);
    this.name = "PolicyError";
  }
}

/** Reads a policy file. Throws PolicyError: a trust decision is never guessed. */
export function readPolicy(text: string): TlogPolicy {
  const policy: TlogPolicy = { logs: [], witnesses: [], groups: [], quorum: null };
  if (text.length > MAX_POLICY_CHARACTERS) throw new PolicyError(0, "it is too long");
  const reading: Reading = { policy, taken: new Set(), hasQuorum: false, line: 0 };
  for (const raw of text.split("\n")) {
    reading.line += 1;
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(raw)) refuse(reading, "it holds a control character");
    const words = raw.split(/[ \t]+/).filter((word) => word !== "");
    if (words[0] !== undefined && !words[0].startsWith("#")) readLine(reading, words);
  }
  if (!reading.hasQuorum) refuse(reading, "there is no quorum line");
  return policy;
}

/** Writes a policy file that {@link readPolicy} reads back as the same policy. */
export function formatPolicy({ logs, witnesses, groups, quorum }: TlogPolicy): string {
  const lines = [
    ...logs.map(({ key, url }) => ["log", formatVkey(key), url]),
    ...witnesses.map(({ name, key, url }) => ["witness", name, formatVkey(key), url]),
    ...groups.map(({ name, threshold, members }) => ["group", name, threshold, ...members]),
    ["quorum", quorum ?? "none"],
  ];
  return lines.map((words) => `${words.filter((word) => word !== undefined).join(" ")}\n`).join("");
}

/** Whether these cosignatures are enough. They must have been verified against the policy's own witness keys. */
export function meetsQuorum(policy: TlogPolicy, cosignatures: readonly Cosignature[]): boolean {
  if (policy.quorum === null) return true;
  const cosigned = new Set(cosignatures.map(({ key }) => formatVkey(key)));
  const witnessed = new Set(
    policy.witnesses.filter(({ key }) => cosigned.has(formatVkey(key))).map(({ name }) => name),
  );
  // A group names only what stands above it, so one pass suffices.
  for (const { name, threshold, members } of policy.groups)
    if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name);
  return witnessed.has(policy.quorum);
}

/** The keys of a policy, in the form that opening a checkpoint takes. */
export function keysOf(policy: TlogPolicy): { logs: NoteKey[]; witnesses: NoteKey[] } {
  return {
    logs: policy.logs.map(({ key }) => key),
    witnesses: policy.witnesses.map(({ key }) => key),
  };
}

type Reading = { policy: TlogPolicy; taken: Set<string>; hasQuorum: boolean; line: number };

function readLine(reading: Reading, [kind, ...words]: string[]): void {
  if (kind === "log") readLog(reading, words);
  else if (kind === "witness") readWitness(reading, words);
  else if (kind === "group") readGroup(reading, words);
  else if (kind === "quorum") readQuorum(reading, words);
  else refuse(reading, `"${kind}" is not known`);
}

function readLog(reading: Reading, [vkey = "", url, ...rest]: string[]): void {
  const key = readVkey(vkey);
  const { logs } = reading.policy;
  if (!key || key.type !== SIGNATURE_TYPE.ed25519 || rest.length > 0)
    return refuse(reading, "a log needs a vkey of type 1, and at most an address");
  if (isListed(logs, key)) refuse(reading, "this log is listed already");
  if (logs.length === MAX_LINES_OF_A_KIND) refuse(reading, "there are too many logs");
  logs.push({ key, ...(url !== undefined && { url }) });
}

function readWitness(reading: Reading, [name = "", vkey = "", url, ...rest]: string[]): void {
  const key = readVkey(vkey);
  const { witnesses } = reading.policy;
  const types: readonly number[] = [SIGNATURE_TYPE.cosignatureV1, SIGNATURE_TYPE.mlDsa44];
  if (!key || !types.includes(key.type) || rest.length > 0)
    return refuse(reading, "a witness needs a name and a vkey of type 4 or 6, and at most an address");
  if (isListed(witnesses, key)) refuse(reading, "this witness is listed already");
  if (witnesses.length === MAX_LINES_OF_A_KIND) refuse(reading, "there are too many witnesses");
  takeName(reading, name);
  witnesses.push({ name, key, ...(url !== undefined && { url }) });
}

function readGroup(reading: Reading, [name = "", rule = "", ...members]: string[]): void {
  const { witnesses, groups } = reading.policy;
  const defined = new Set([...witnesses, ...groups].map((entry) => entry.name));
  if (members.length === 0 || members.some((member) => !defined.has(member)))
    refuse(reading, "a group lists witnesses and groups that are named above it");
  const used = new Set(groups.flatMap((group) => group.members));
  if (new Set(members).size < members.length || members.some((member) => used.has(member)))
    refuse(reading, "each name belongs to one group, once");
  const threshold = rule === "all" ? members.length : rule === "any" ? 1 : Number(rule);
  if (!/^(?:all|any|[1-9][0-9]{0,3})$/.test(rule) || threshold > members.length)
    refuse(reading, "the threshold is all, any, or a number up to that of the members");
  if (groups.length === MAX_LINES_OF_A_KIND) refuse(reading, "there are too many groups");
  takeName(reading, name);
  groups.push({ name, threshold, members });
}

function readQuorum(reading: Reading, [name = "", ...rest]: string[]): void {
  if (reading.hasQuorum || rest.length > 0) refuse(reading, "there is one quorum, with one name");
  if (name !== "none" && !reading.taken.has(name))
    refuse(reading, "the quorum is a witness or group named above it, or none");
  reading.policy.quorum = name === "none" ? null : name;
  reading.hasQuorum = true;
}

function takeName(reading: Reading, name: string): void {
  if (name === "" || name === "none" || reading.taken.has(name))
    refuse(reading, `the name "${name}" is taken`);
  reading.taken.add(name);
}

/** Two vkeys are the same when they wrap the same key, whatever they call it. */
function isListed(entries: readonly { key: NoteKey }[], { publicKey }: NoteKey): boolean {
  return entries.some(({ key }) => toHex(key.publicKey) === toHex(publicKey));
}

function refuse({ line }: Reading, what: string): never {
  throw new PolicyError(line, what);
}
