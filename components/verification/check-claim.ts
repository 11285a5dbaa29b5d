import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import {
  type Check,
  cannotCheck,
  checkEntry,
  checkObservers,
  checkSignature,
  entryText,
  failed,
  leafHashHex,
  notChecked,
} from "@/lib/verification/four-checks";
import { type Site, readLogTrust } from "@/lib/verification/site";
import { continueLog } from "@/lib/log/continuity";
import { canVerifyEd25519, verifyByWebCrypto } from "@/lib/log/ed25519";
import { demandContinuity } from "./kept-log";
import { siteAt } from "../evidence/site";
import { withContinuity } from "./with-continuity";

/** A claim as a page shows it: what its envelope must be, and under which key. */
export type ShownClaim = {
  sha256: string;
  href: string;
  payloadSha256: string;
  predicateType: string;
  keySpkiBase64: string;
  signerName: string;
  /** A digest that must be among the subjects; null where nothing ties the claim to files. */
  subjectSha256: string | null;
};

/** The rows that need no files. */
export type ClaimChecks = {
  signature: Check;
  log: Check;
  observers: Check;
  /** Where the log has it, once that is verified. */
  index: string | null;
};

let here: Site | undefined;

/**
 * Fetches a claim's exact envelope and its proof, and recomputes in this browser: the signature under the key shown,
 * that the page's sentences were written from these bytes, the entry in the log, its continuity with what this
 * browser saw before, and the cosignatures of outside observers.
 */
export async function checkClaim(claim: ShownClaim): Promise<ClaimChecks> {
  here ??= siteAt(location.origin);
  const answer = await here.readText(claim.href);
  if (answer.text === null) return missing(answer.status);
  const spki = decodeBase64(claim.keySpkiBase64) ?? new Uint8Array();
  const { check, found } = await checkSignature(
    answer.text,
    { spki, name: claim.signerName },
    {
      envelopeSha256: claim.sha256,
      predicateType: claim.predicateType,
      ...(claim.subjectSha256 === null ? {} : { subjectSha256: claim.subjectSha256 }),
    },
  );
  const isOther = found !== null && found.payloadSha256 !== claim.payloadSha256;
  const signature = isOther ? failed("the sentences above were written from another statement") : check;
  return { signature, ...(await checkPlace(here, answer.text, spki)) };
}

/** Second and third row of an envelope under a key. */
async function checkPlace(
  site: Site,
  envelopeText: string,
  spki: Uint8Array,
): Promise<Omit<ClaimChecks, "signature">> {
  const nowhere = (log: Check) => ({
    log,
    observers: notChecked("no entry of the log to ask about"),
    index: null,
  });
  if (!(await canVerifyEd25519()))
    return nowhere(cannotCheck("this browser does not know Ed25519 signatures"));
  const envelope = readEnvelope(envelopeText);
  const leafHash = envelope && leafHashHex(envelope, spki);
  if (!envelope || !leafHash) return nowhere(failed("no envelope of this form can stand in the log"));
  const trust = await readLogTrust(site);
  if (trust === "unreachable") return nowhere(cannotCheck("the log does not answer"));
  if (trust === "unreadable") return nowhere(failed("what the log serves as its key or policy is none"));
  const proof = trust && (await site.readText(`/log/1/proof/${leafHash}`));
  if (!proof || (proof.text === null && proof.status === 404))
    return nowhere(notChecked("no published checkpoint of the log covers it yet"));
  if (proof.text === null) return nowhere(cannotCheck("the log gives no proof at the moment"));
  const { check, place } = await checkEntry(
    { envelope, spki, proofText: proof.text },
    trust.policy,
    verifyByWebCrypto,
  );
  if (!place) return { log: check, observers: notChecked("the entry itself does not hold"), index: null };
  const shown = { vkey: trust.vkey, checkpoint: checkpointIn(proof.text) };
  const seen = await demandContinuity(shown, (kept, next) =>
    continueLog(kept, next, site.fetchTile, verifyByWebCrypto),
  );
  const entry = entryText(place.index, place.opened.checkpoint.size);
  return {
    log: withContinuity(entry, seen),
    observers: checkObservers(trust.policy, place.opened),
    index: place.index.toString(),
  };
}

/** A proof ends in the signed checkpoint, verbatim. */
function checkpointIn(proofText: string): string {
  return proofText.slice(proofText.indexOf("\n\n") + 2);
}

function missing(status: number | null): ClaimChecks {
  const why = status === null ? "nobody answers" : `the server answers ${status}`;
  const unknown = notChecked("there is no envelope to look for");
  return {
    signature: cannotCheck(`the envelope could not be fetched: ${why}`),
    log: unknown,
    observers: unknown,
    index: null,
  };
}
