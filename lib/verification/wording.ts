import { speakerMessages } from "@/lib/statements/speaker-fault";
import { envelopeMessages } from "@/lib/statements/verify-envelope";
import { type Check, verified } from "./check";
import type {
  EntryFinding,
  EntryRefusal,
  FilesFinding,
  Judgement,
  ObserversFinding,
  ObserversRefusal,
  SignatureFinding,
  SpeakerFinding,
  StatementFinding,
  WitnessedTime,
} from "./judgement";

/** Four rows of a judgement in words; the fifth is about files. */
export type Checks = { signature: Check; speaker: Check; log: Check; observers: Check };

/** Where the words stand: the card of a claim that a page shows, or the desk at which anything is handed in. */
export type Place = "card" | "desk";

/** A judgement as people read it, in the same sentences everywhere. `name`: who the key is listed for. */
export function checksOf(judgement: Judgement, name: string | undefined, place: Place): Checks {
  const { signature, statement, entry, observers } = judgement;
  return {
    signature: signatureCheck(signature, statement, name),
    speaker: speakerCheck(judgement.speaker),
    log: entryCheck(entry, place),
    observers: observersCheck(observers, place),
  };
}

/** First row: the signature matches the key listed for its signer, and what was signed is what it should be. */
function signatureCheck(
  signature: SignatureFinding,
  statement: StatementFinding,
  name: string | undefined,
): Check {
  if (signature.state !== "failed" && statement.state === "failed")
    return { state: "failed", message: statementText(statement) };
  if (signature.state === "verified" && statement.state === "cannot_check")
    return { state: "cannot_check", message: statementText(statement) };
  if (signature.state === "verified") return verified(`the signature matches the key listed for ${name}`);
  return { state: signature.state, message: signatureText(signature) };
}

function signatureText(finding: Exclude<SignatureFinding, { state: "verified" }>): string {
  switch (finding.code) {
    case "bundle_malformed":
      return "it looks like a bundle and is none, or its parts contradict each other";
    case "other_key":
      return "the key that this site gives is not the one named";
    case "key_unlisted":
    case "key_unreachable": {
      const why = unlistedTexts[finding.code];
      return finding.signed ? `it is well signed with the key it brings, but ${why}` : why;
    }
    case "envelope_unreachable": {
      const { status } = finding;
      const why = status === null ? "nobody answers" : `the server answers ${status}`;
      return `the envelope could not be fetched: ${why}`;
    }
    default:
      return withoutStop(envelopeMessages[finding.code]);
  }
}

const unlistedTexts = {
  key_unlisted: "the key that is named is listed for nobody here",
  key_unreachable: "this site does not say whose key it is",
} as const;

function statementText({ code }: Exclude<StatementFinding, { state: "verified" }>): string {
  switch (code) {
    case "other_payload":
      return "the sentences above were written from another statement";
    case "signature_first":
      return "the signature comes first";
    default:
      return withoutStop(envelopeMessages[code]);
  }
}

/** Second row: the signer was, at this entry of the log, who the statement says. */
function speakerCheck(finding: SpeakerFinding): Check {
  if (finding.state === "verified")
    return verified("by the log’s own entries before this one, whoever signed may say this");
  if (finding.state === "failed")
    return { state: finding.state, message: withoutStop(speakerMessages[finding.code]) };
  return { state: finding.state, message: speakerTexts[finding.code] };
}

export const speakerTexts = {
  facts_unreachable: "the log does not say what its entries hold of keys and accounts",
  facts_broken: "what is given of keys and accounts are no entries of this log",
  facts_not_asked: "who speaks cannot be checked from this alone: it takes the log",
  entry_first: "the entry of the log comes first",
  statement_first: "the signature comes first",
  no_register: "this log names no key of a platform, so nothing in it says who anybody is",
  named_unknown: "what it answers, replaces or takes back is not at hand",
  gap: "what would settle it may stand in an entry that nobody gives out",
} as const;

/** Third row: the claim is entry N of a log of M. */
function entryCheck(finding: EntryFinding, place: Place): Check {
  if (finding.state === "verified") return verified(entryText(finding.index, finding.checkpoint.size));
  const { state, code, isBundle } = finding;
  const own = (isBundle ? bundleTexts[code] : undefined) ?? (place === "card" ? cardTexts[code] : undefined);
  return { state, message: own ?? entryTexts[code] };
}

/** Entries are counted from 0, as their addresses are. */
export function entryText(index: bigint, size: bigint): string {
  return `entry ${index} of a log of ${size}`;
}

const entryTexts: Record<EntryRefusal, string> = {
  no_envelope: "there is no envelope to look for",
  envelope_malformed: "what is no envelope cannot stand in the log",
  signature_first: "the signature comes first",
  key_unknown: "the leaf holds the signer’s key, and that key is not known",
  no_leaf: "an envelope of this form cannot stand in the log",
  no_ed25519: "this browser does not know Ed25519 signatures",
  log_unreadable: "what the log serves as its key or policy is none",
  log_unreachable: "the log does not answer",
  no_policy: "no key of the log is known",
  not_covered: "no published checkpoint of this log covers it",
  proof_unreachable: "the log gives no proof at the moment",
  not_asked: "no proof was asked for",
  malformed: "what the log gave is not a proof",
  forged: "a signature on the checkpoint names a known key and does not hold",
  not_included: "the entry is not in the tree that the log signed",
  other_entry: "the entry that is proven records another envelope",
  bundle_other_key: "the bundle names another key than the one that signed",
  untrusted_log: "the checkpoint is not signed by this log’s key",
  foreign_log: "its checkpoint is of another log, or not signed with this log’s key",
};

const bundleTexts: Partial<Record<EntryRefusal, string>> = {
  malformed: "the parts of the bundle contradict each other",
  forged: "a signature in the bundle names a known key and does not hold",
};

const cardTexts: Partial<Record<EntryRefusal, string>> = {
  envelope_malformed: "no envelope of this form can stand in the log",
  no_leaf: "no envelope of this form can stand in the log",
  not_covered: "no published checkpoint of the log covers it yet",
};

/** Fourth row: how many of the policy's witnesses signed the same tree, all of them outside this site. */
export function observersCheck(finding: ObserversFinding, place: Place): Check {
  const seen = `${finding.seen} of ${finding.listed} outside observers saw this same log`;
  const said = finding.state === "verified" ? seen : unseenText(finding.code, seen, place);
  const hasTree = finding.state === "verified" || !treeless.some((code) => code === finding.code);
  return { state: finding.state, message: hasTree ? `${said}; ${timeText(finding.time)}` : said };
}

/** Where no tree was looked at, none has a time. */
const treeless: readonly ObserversRefusal[] = ["no_envelope", "entry_refused", "no_entry"];

/** From whose cosignature the log's time is known, or that it is not: dates in statements are held against it alone. */
export function timeText(time: WitnessedTime | null): string {
  if (time === null) return "no witness tells the log’s time, so no date is held against it";
  const at = time.at.toISOString();
  return `the log’s time is that of ${time.witness}: ${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

function unseenText(code: ObserversRefusal, seen: string, place: Place): string {
  switch (code) {
    case "no_envelope":
      return "there is no envelope to look for";
    case "entry_refused":
      return place === "card" ? "the entry itself does not hold" : "no entry of the log to ask about";
    case "no_entry":
      return "no entry of the log to ask about";
    case "no_witnesses":
      return "no outside observers yet, so only this site vouches that all are shown the same log";
    case "no_quorum":
      return seen;
    case "quorum_missing":
      return `${seen}, fewer than its policy demands`;
  }
}

/** Fifth row, of a claim or of all files of a model: whether the files in hand are those that were signed. */
export function filesCheck(finding: FilesFinding, of: "card" | "claim" | "model"): Check {
  return { state: finding.state, message: filesText(finding, of) };
}

function filesText(finding: FilesFinding, of: "card" | "claim" | "model"): string {
  if (finding.state === "verified") return matchText(finding);
  switch (finding.code) {
    case "file_differs":
      return `${finding.path} differs from the ${finding.listed} that was signed`;
    case "file_unlisted":
      return `${finding.path} is not among the files that were signed`;
    case "list_forged":
      return `the list of files ${of === "card" ? "is" : "that this site gives is"} not the one that was signed`;
    case "list_unknown_form":
      return of === "card"
        ? "the list of files has an unknown form"
        : "the list of files could not be fetched";
    case "left_out":
      return `the signer left out ${finding.paths.join(", ")}, so nobody stands by that`;
    case "no_files":
      return of === "model"
        ? "drop the model’s files to compare them"
        : "drop the model’s files too, or run a command";
    default:
      return filesTexts[finding.code];
  }
}

const filesTexts = {
  list_unreachable: "the list of files could not be fetched",
  no_list: "no list of files is known for what this claim names; drop the list too",
  root_differs: "its root digest does not follow from its list of files",
  shards: "its files were hashed in parts (shards), which are not held against files here",
  other_algorithm: "its files were not hashed with SHA-256, and those in hand cannot be read again",
  no_statement: "nothing that is signed says which files are meant",
  signature_first: "the signature comes first",
} as const;

/** Verified says how many of the files were seen, because the others remain unchecked. */
function matchText(finding: Extract<FilesFinding, { state: "verified" }>): string {
  if ("isNamed" in finding) return `${finding.path} is the very file that the statement names`;
  const { names, missing, uncovered = [] } = finding;
  const rest = missing === 0 ? "all files of this version" : `${missing} more of this version not checked`;
  const nobody = uncovered.length === 0 ? "" : `; covered by nobody: ${uncovered.join(", ")}`;
  return `${names.join(", ")} match: ${rest}${nobody}`;
}

function withoutStop(message: string): string {
  return message.endsWith(".") ? message.slice(0, -1) : message;
}
