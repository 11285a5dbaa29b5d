import { decodeBase64 } from "@/lib/shared/encoding";
import type { Check } from "@/lib/verification/check";
import { judge, judgeNothing } from "@/lib/verification/judge";
import { shownIn, sourcesAt } from "@/lib/verification/judge-claim";
import type { EntryFinding } from "@/lib/verification/judgement";
import type { Site } from "@/lib/verification/site";
import { checksOf, entryText } from "@/lib/verification/wording";
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
  speaker: Check;
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
  if (answer.text === null)
    return { ...checksOf(judgeNothing(answer.status), claim.signerName, "card"), index: null };
  const { sha256, payloadSha256, predicateType, subjectSha256 } = claim;
  const spki = decodeBase64(claim.keySpkiBase64) ?? new Uint8Array();
  const judgement = await judge(
    {
      envelopeText: answer.text,
      expected: {
        envelopeSha256: sha256,
        payloadSha256,
        predicateType,
        ...(subjectSha256 !== null && { subjectSha256 }),
      },
    },
    {
      whose: "site",
      signers: { keys: [spki] },
      // The page shows every row by itself: the log may well have what is not what the page says.
      entryAfter: [],
      verifyEd25519: (await canVerifyEd25519()) ? verifyByWebCrypto : null,
    },
    sourcesAt(here, "not_covered"),
  );
  const checks = checksOf(judgement, claim.signerName, "card");
  return { ...checks, ...(await checkContinuity(here, judgement.entry)) };
}

/** The second row again where the log has the entry: that log must continue the one that this browser saw before. */
async function checkContinuity(
  site: Site,
  entry: EntryFinding,
): Promise<{ log?: Check; index: string | null }> {
  const shown = shownIn(entry);
  if (entry.state !== "verified" || !shown) return { index: null };
  const seen = await demandContinuity(shown, (kept, next) =>
    continueLog(kept, next, site.fetchTile, verifyByWebCrypto),
  );
  const { index, checkpoint } = entry;
  return { log: withContinuity(entryText(index, checkpoint.size), seen), index: index.toString() };
}
