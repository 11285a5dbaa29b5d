import { type DsseEnvelope, readEnvelope } from "@/lib/statements/dsse";
import { envelopeMessages, isEnvelopeCode } from "@/lib/statements/verify-envelope";
import type {
  EntryFinding,
  Judgement,
  SignatureFinding,
  SpeakerFinding,
  StatementFinding,
} from "@/lib/verification/judgement";
import { speakerTexts } from "@/lib/verification/wording";
import { noPolicyRow, refusedRow } from "./judge-log";
import { speakerMessages } from "@/lib/statements/speaker-fault";
import { type Row, cannotCheck, failedRow, notChecked, verified } from "./row";
import type { TrustedKey } from "./trust";

/** A judgement in the words of a terminal, and in the codes that scripts know. */

type Unsigned = Exclude<SignatureFinding, { state: "verified" }>;
type Unlogged = Exclude<EntryFinding, { state: "verified" }>;

/** Who signed, and why that key is believed to be theirs. */
export function signatureRow(signer: TrustedKey): Row {
  const who = signer.name ?? "the key";
  const why =
    signer.origin === "given"
      ? "which you gave"
      : signer.origin === "remembered"
        ? `remembered since ${signer.since?.slice(0, 10)} from ${signer.from}`
        : `which ${signer.from} named just now, for the first time; nothing else vouches for it`;
  return verified("signature", `holds under ${who} ${signer.keyId}, ${why}`);
}

/** Whether the signer may say it. Where the log is not at hand that is open, and never good. */
export function speakerRow(speaker: SpeakerFinding): Row {
  if (speaker.state === "verified")
    return verified("speaker", "by the log’s own entries before this one, whoever signed may say this");
  if (speaker.state === "failed") return failedRow("speaker", speaker.code, speakerMessages[speaker.code]);
  const { code } = speaker;
  const said = `cannot check who speaks: ${speakerTexts[code]}`;
  return code === "facts_broken"
    ? cannotCheck("speaker", code, said, "unsupported")
    : notChecked("speaker", said, code);
}

/** Why an envelope shows nothing; null where its signature holds and it is a statement. */
export function envelopeFaultRow({ signature, statement }: Judgement, text: string): Row | null {
  if (signature.state !== "verified") return unsignedRow(signature, signerHint(readEnvelope(text)));
  return statementFaultRow(statement);
}

/** Why what was signed does not count as a statement; null where it does. */
export function statementFaultRow(statement: StatementFinding): Row | null {
  if (statement.state === "verified" || !isEnvelopeCode(statement.code)) return null;
  const said = envelopeMessages[statement.code];
  return statement.code === "kind_unknown"
    ? cannotCheck("statement", statement.code, said, "unsupported")
    : failedRow("statement", statement.code, said);
}

const bundleTexts = {
  malformed: "This is no bundle of one signature and one entry, or its parts contradict each other.",
  forged: "A signature names a key that you trust and does not hold.",
  other_entry: "The entry that is proven records another envelope.",
} as const;

/** Why a bundle shows nothing, by the first of its parts that does not hold; null where all do. */
export function bundleFaultRow({ signature, entry, observers }: Judgement, hint?: string): Row | null {
  const named = hint === undefined ? "" : ` It names ${hint}.`;
  if (signature.state !== "verified") {
    const isUnsigned = "signing" in signature && signature.signing !== "verified";
    const code = isUnsigned ? signature.signing : signature.code;
    if (code === "bundle_malformed" || code === "envelope_malformed") return bundleRow("malformed");
    if (code === "untrusted_key" || code === "unsupported_key") return untrustedRow(named);
    return code === "forged" ? bundleRow(code) : unsignedRow(signature, named);
  }
  if (entry.state !== "verified") {
    const { code } = entry;
    if (code === "malformed" || code === "forged") return bundleRow(code);
    return code === "bundle_other_key" ? untrustedRow(named) : proofFaultRow(entry);
  }
  return observers.state === "failed" ? refusedRow("quorum_missing") : null;
}

function bundleRow(code: "malformed" | "forged"): Row {
  return failedRow("signature", code, bundleTexts[code]);
}

function unsignedRow({ state, code }: Unsigned, hint: string): Row {
  if (code === "untrusted_key" || code === "no_keys" || !isEnvelopeCode(code)) return untrustedRow(hint);
  const said = envelopeMessages[code];
  return state === "failed"
    ? failedRow("signature", code, said)
    : cannotCheck("signature", code, said, "unsupported");
}

function untrustedRow(hint: string): Row {
  const said = `You trust no key that made the signature.${hint}`;
  return cannotCheck("signature", "untrusted_key", said, "untrusted_key");
}

function signerHint(envelope: DsseEnvelope | null): string {
  const keyId = envelope?.signatures[0]?.keyid;
  return keyId && /^[\x21-\x7e]{1,100}$/.test(keyId)
    ? ` It names ${keyId}; --trust FILE lists those you trust.`
    : "";
}

/** Why no entry of the log was found. */
export function proofFaultRow({ code }: Unlogged): Row {
  switch (code) {
    case "no_policy":
      return noPolicyRow;
    case "not_covered":
      return cannotCheck("log", "not_logged", "no published checkpoint covers it yet", "unreachable");
    case "untrusted_log":
    case "foreign_log":
      return refusedRow("untrusted_log");
    case "malformed":
    case "forged":
    case "not_included":
      return refusedRow(code);
    case "other_entry":
      return failedRow("log", code, bundleTexts[code]);
    default: {
      const said = "The signature does not hold or is not trusted, so no entry was looked for.";
      return cannotCheck("log", "no_leaf", said, "unsupported");
    }
  }
}
