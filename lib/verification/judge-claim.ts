import type { KnownLog } from "@/lib/log/continuity";
import { canVerifyEd25519, verifyByWebCrypto } from "@/lib/log/ed25519";
import { readLeafBody } from "@/lib/log/leaf-body";
import type { ReadBundle } from "@/lib/log/sigstore-bundle";
import { formatVkey } from "@/lib/log/signed-note";
import { encodeBase64, toHex } from "@/lib/shared/encoding";
import { keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { kindOf, sentencesOf, speakerOf } from "@/lib/statements/kinds";
import type { StatementSentences } from "@/lib/statements/sentence";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Check } from "./check";
import { type Signers, type Sources, judge, signedIn } from "./judge";
import type { EntryFinding, Judgement, NoPolicy } from "./judgement";
import { readFacts } from "./judge-speaker";
import { type ListedKey, type Site, readListedKey, readLogTrust } from "./site";
import { checksOf } from "./wording";

/** What is claimed, and everything by which it was judged; plain data that crosses to the page. */
export type ClaimReport = {
  /** What it says, written from the very bytes whose signature holds; null while none does. */
  sentences: StatementSentences | null;
  title: string;
  signer: { name: string; handle: string | null; isDemoKey: boolean; revokedAt: string | null } | null;
  /** The platform signed for an account that has no key of its own. */
  isForAccount: boolean;
  /** What the checks found, for whoever compares two of them. Null as long as it was not found. */
  identity: {
    envelopeSha256: string | null;
    payloadSha256: string | null;
    keyId: string | null;
    leafHash: string | null;
    index: string | null;
    size: string | null;
    root: string | null;
  };
  subjects: string[];
  signature: Check;
  speaker: Check;
  log: Check;
  observers: Check;
  /** The checkpoint that covers it, to be held against what the browser remembers. */
  shown: KnownLog | null;
};

/** The statement beside the report, for who holds files against it. */
export type JudgedClaim = { report: ClaimReport; statement: Statement | null };

type Given = {
  envelopeText: string;
  hint?: string | null;
  /** A proof that was handed in with it; otherwise the site is asked for one. */
  proofText?: string;
  /** The entry that records it, which holds the signer’s key. */
  body?: Uint8Array;
  bundle?: ReadBundle;
};

/** Judges one envelope as it was handed in: who signed it, where the log has it, and who saw that log. */
export async function judgeClaim(given: Given, site: Site): Promise<JudgedClaim> {
  const { envelopeText, bundle, proofText } = given;
  const envelope = readEnvelope(envelopeText);
  const keyId = given.hint ?? envelope?.signatures[0]?.keyid ?? "";
  const brought = given.body ? (readLeafBody(given.body)?.spki ?? null) : null;
  const listed = await readListedKey(site, keyId);
  const judgement = await judge(
    { envelopeText, ...(bundle && { bundle }) },
    {
      whose: "site",
      signers: signersOf(keyId, listed, brought),
      entryAfter: ["signature", "statement"],
      verifyEd25519: (await canVerifyEd25519()) ? verifyByWebCrypto : null,
    },
    sourcesAt(site, "log_unreachable", proofText),
  );
  const key = typeof listed === "string" ? null : listed;
  const statement = judgement.statement.state === "verified" ? judgement.statement.statement : null;
  const speaker = statement && speakerOf(statement);
  const isForAccount = key !== null && key.handle === null && speaker?.by === "account";
  const name = key?.name ?? "a key that is listed for nobody here";
  const report: ClaimReport = {
    sentences: statement && sentencesOf(statement, isForAccount ? `${name} for an account` : name),
    title: statement ? (kindOf(statement.predicateType)?.title ?? "Unknown kind") : "Unverified envelope",
    signer: key && {
      name: key.name,
      handle: key.handle,
      isDemoKey: key.isDemo,
      revokedAt: key.revokedAt,
    },
    isForAccount,
    identity: {
      envelopeSha256: envelope ? hexDigest(envelopeText) : null,
      ...identityOf(judgement),
    },
    subjects: statement?.subject.map(({ digest }) => digest.sha256) ?? [],
    ...checksOf(judgement, key?.name, "desk"),
    shown: shownIn(judgement.entry),
  };
  return { report, statement };
}

/** The key that a site lists for a key id, which must be what the id says. */
function signersOf(
  keyId: string,
  listed: ListedKey | "unlisted" | "unreachable",
  brought: Uint8Array | null,
): Signers {
  if (typeof listed === "string")
    return { why: listed === "unlisted" ? "key_unlisted" : "key_unreachable", brought };
  return keyIdOf(listed.spki) === keyId ? { keys: [listed.spki] } : { why: "other_key", brought };
}

/** What a site serves of its log; `unpublished`: what to make of one without a checkpoint. */
export function sourcesAt(site: Site, unpublished: NoPolicy, proofText?: string): Sources {
  return {
    policy: async () => {
      const trust = await readLogTrust(site);
      if (trust === null) return unpublished;
      return typeof trust === "string" ? (`log_${trust}` as const) : trust.policy;
    },
    proof: async (leafHash) => {
      if (proofText !== undefined) return { text: proofText, isBrought: true };
      const answer = await site.readText(`/log/1/proof/${leafHash}`);
      if (answer.text !== null) return { text: answer.text, isBrought: false };
      return answer.status === 404 ? "not_covered" : "proof_unreachable";
    },
    facts: async (leafHash) => {
      const answer = await site.readText(`/log/1/speaker/${leafHash}`);
      return (answer.text !== null && readFacts(answer.text)) || "facts_unreachable";
    },
  };
}

/** The checkpoint that covers an entry, to be held against what was seen of its log before. */
export function shownIn(entry: EntryFinding): KnownLog | null {
  return entry.state === "verified" ? { vkey: formatVkey(entry.logKey), checkpoint: entry.note } : null;
}

function identityOf({
  signature,
  statement,
  entry,
}: Judgement): Omit<ClaimReport["identity"], "envelopeSha256"> {
  const signed = statement.state === "verified" ? signedIn(signature) : null;
  const place = entry.state === "verified" ? entry : null;
  return {
    payloadSha256: signed?.payloadSha256 ?? null,
    keyId: signed?.signedBy[0] ?? null,
    leafHash: place && toHex(place.leafHash),
    index: place && place.index.toString(),
    size: place && place.checkpoint.size.toString(),
    root: place && encodeBase64(place.checkpoint.root),
  };
}
