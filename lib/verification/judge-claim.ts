import { type DsseEnvelope, readEnvelope } from "@/lib/statements/dsse";
import { encodeBase64 } from "@/lib/shared/encoding";
import {
  type Check,
  type LoggedPlace,
  cannotCheck,
  checkEntry,
  checkObservers,
  checkSignature,
  failed,
  isKeyOf,
  leafHashHex,
  notChecked,
} from "./four-checks";
import { kindOf, sentencesOf, speakerOf } from "@/lib/statements/kinds";
import type { KnownLog } from "@/lib/log/continuity";
import { canVerifyEd25519, verifyByWebCrypto } from "@/lib/log/ed25519";
import { readLeafBody } from "@/lib/log/leaf-body";
import type { ReadBundle } from "@/lib/log/sigstore-bundle";
import { formatTlogProof } from "@/lib/log/tlog-proof";
import { type BundleRefusal, verifyBundle } from "@/lib/log/verify-bundle";
import type { StatementSentences } from "@/lib/statements/sentence";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { type ListedKey, type LogTrust, type Site, readListedKey, readLogTrust } from "./site";

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
  bundle?: { text: string; read: ReadBundle };
};

/** Judges one envelope as it was handed in: who signed it, where the log has it, and who saw that log. */
export async function judgeClaim(given: Given, site: Site): Promise<JudgedClaim> {
  const envelope = readEnvelope(given.envelopeText);
  const keyId = given.hint ?? envelope?.signatures[0]?.keyid ?? "";
  const brought = given.body ? (readLeafBody(given.body)?.spki ?? null) : null;
  const listed = await readListedKey(site, keyId);
  const key = typeof listed === "string" ? null : listed;
  const { check, found } = await signatureOf(given.envelopeText, keyId, listed, brought);
  const spki = key && isKeyOf(keyId, key.spki) ? key.spki : brought;
  const place = await lookInLog(given, envelope, check, spki, site);
  const statement = found?.statement ?? null;
  const speaker = statement && speakerOf(statement);
  const isForAccount = key !== null && key.handle === null && speaker?.by === "account";
  const name = key?.name ?? "a key that is listed for nobody here";
  const checkpoint = place.found?.opened.checkpoint;
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
      envelopeSha256: envelope ? hexDigest(given.envelopeText) : null,
      payloadSha256: found?.payloadSha256 ?? null,
      keyId: found?.signedBy[0] ?? null,
      leafHash: place.found && envelope && spki ? leafHashHex(envelope, spki) : null,
      index: place.found?.index.toString() ?? null,
      size: checkpoint?.size.toString() ?? null,
      root: checkpoint ? encodeBase64(checkpoint.root) : null,
    },
    subjects: statement?.subject.map(({ digest }) => digest.sha256) ?? [],
    signature: check,
    log: place.log,
    observers: place.observers,
    shown: place.shown,
  };
  return { report, statement };
}

async function signatureOf(
  envelopeText: string,
  keyId: string,
  listed: ListedKey | "unlisted" | "unreachable",
  brought: Uint8Array | null,
) {
  if (typeof listed !== "string") {
    if (!isKeyOf(keyId, listed.spki))
      return { check: failed("the key that this site gives is not the one named"), found: null };
    return checkSignature(envelopeText, listed);
  }
  const why =
    listed === "unlisted"
      ? "the key that is named is listed for nobody here"
      : "this site does not say whose key it is";
  if (!brought) return { check: cannotCheck(why), found: null };
  const own = await checkSignature(envelopeText, { spki: brought, name: "the key it brings" });
  if (!own.found) return own;
  return { check: cannotCheck(`it is well signed with the key it brings, but ${why}`), found: own.found };
}

type Place = { log: Check; observers: Check; found: LoggedPlace | null; shown: KnownLog | null };

function nowhere(log: Check): Place {
  return { log, observers: notChecked("no entry of the log to ask about"), found: null, shown: null };
}

async function lookInLog(
  given: Given,
  envelope: DsseEnvelope | null,
  signature: Check,
  spki: Uint8Array | null,
  site: Site,
): Promise<Place> {
  if (!envelope) return nowhere(failed("what is no envelope cannot stand in the log"));
  if (!spki) return nowhere(cannotCheck("the leaf holds the signer’s key, and that key is not known"));
  if (signature.state === "failed") return nowhere(notChecked("the signature comes first"));
  return placeOf(given, envelope, spki, site);
}

async function placeOf(given: Given, envelope: DsseEnvelope, spki: Uint8Array, site: Site): Promise<Place> {
  if (!(await canVerifyEd25519()))
    return nowhere(cannotCheck("this browser does not know Ed25519 signatures"));
  const leafHash = leafHashHex(envelope, spki);
  if (leafHash === null) return nowhere(failed("an envelope of this form cannot stand in the log"));
  const trust = await readLogTrust(site);
  if (trust === "unreadable") return nowhere(failed("what the log serves as its key or policy is none"));
  if (trust === null || trust === "unreachable") return nowhere(cannotCheck("the log does not answer"));
  if (given.bundle) {
    const problem = await bundleProblem(given.bundle.text, spki, trust);
    if (problem) return nowhere(problem);
  }
  const brought = given.bundle ? proofOfBundle(given.bundle.read) : given.proofText;
  const proof = brought === undefined ? await site.readText(`/log/1/proof/${leafHash}`) : { text: brought };
  if (proof.text === null)
    return nowhere(
      proof.status === 404
        ? notChecked("no published checkpoint of this log covers it")
        : cannotCheck("the log gives no proof at the moment"),
    );
  const { check, place, reason } = await checkEntry(
    { envelope, spki, proofText: proof.text },
    trust.policy,
    verifyByWebCrypto,
  );
  if (!place) return nowhere(brought !== undefined && reason === "untrusted_log" ? foreignLog : check);
  const { checkpoint } = splitProof(proof.text);
  return {
    log: check,
    observers: checkObservers(trust.policy, place.opened),
    found: place,
    shown: { vkey: trust.vkey, checkpoint },
  };
}

const foreignLog = cannotCheck("its checkpoint is of another log, or not signed with this log’s key");

const bundleProblems: Record<BundleRefusal, Check> = {
  malformed: failed("the parts of the bundle contradict each other"),
  untrusted_log: foreignLog,
  forged: failed("a signature in the bundle names a known key and does not hold"),
  not_included: failed("the entry is not in the tree that the log signed"),
  quorum_missing: cannotCheck("too few outside observers saw this tree"),
  untrusted_key: failed("the bundle names another key than the one that signed"),
  other_entry: failed("the entry that is proven records another envelope"),
};

/** A bundle says more than envelope and proof: every part of it must agree with the others. */
async function bundleProblem(text: string, spki: Uint8Array, trust: LogTrust): Promise<Check | null> {
  const policy = { ...trust.policy, quorum: null };
  const found = await verifyBundle(text, { trustedKeys: [spki], policy, verify: verifyByWebCrypto });
  return found.state === "verified" ? null : bundleProblems[found.reason];
}

function proofOfBundle({ index, hashes, checkpoint }: ReadBundle): string {
  return formatTlogProof({ index, hashes, checkpoint, extra: null });
}

/** A proof ends in the signed checkpoint, verbatim. */
function splitProof(proofText: string): { checkpoint: string } {
  return { checkpoint: proofText.slice(proofText.indexOf("\n\n") + 2) };
}
