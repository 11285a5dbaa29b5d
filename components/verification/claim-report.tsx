import { CommandLine } from "@/components/ui/command-line";
import { TextLink } from "@/components/ui/text-link";
import type { InspectionReport } from "@/lib/verification/report";
import { CheckFrame, CheckLine, CheckedRow } from "./check-row";
import { ContradictionNotice } from "../evidence/contradiction-notice";
import { LeafFiles } from "../evidence/leaf-files";
import { StandingMarks } from "../evidence/standing-marks";
import { SignedFacts, SignedHeadline } from "../evidence/signed-words";
import { filesCommandLine } from "../evidence/terminal-command";

type Claim = InspectionReport["claims"][number];

/** A claim that was handed in or looked up, in the same five rows as everywhere. */
export function ClaimReportCard({ claim }: { claim: Claim }) {
  const { sentences, signer, links } = claim;
  return (
    <article
      aria-label={`${claim.title}${signer ? ` signed by ${signer.name}` : ""}`}
      className="rounded-lg border border-line bg-surface"
    >
      <div className="grid gap-3 px-5 py-4">
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
          <b className="font-medium text-ink">{claim.title}</b>
          {claim.origin && <span className="break-all">from {claim.origin}</span>}
          <Issuer claim={claim} />
        </p>
        <StandingMarks
          adverse={links.adverse}
          withdrawnHref={links.withdrawnBy && `/log?q=${links.withdrawnBy}`}
          answerHrefs={[]}
        />
        <Said sentences={sentences} />
        {signer?.revokedAt && <p className="text-sm text-ochre">{revocationNote(claim.speaker)}</p>}
      </div>
      <div className="border-t border-line px-5 py-1 text-sm">
        <CheckedRow name="Signature" check={claim.signature} />
        <CheckedRow name="Who speaks" check={claim.speaker} />
        <CheckFrame name="Public record">
          <div>
            <CheckLine check={claim.log} />
            {claim.log.state === "failed" && <ContradictionNotice />}
          </div>
        </CheckFrame>
        <CheckedRow name="Outside observers" check={claim.observers} />
        <CheckedRow name="Your files" check={claim.files} />
      </div>
      <Links links={links} />
    </article>
  );
}

/** What is known of when the key was revoked follows from the log's order, not from the site's word. */
function revocationNote({ state }: Claim["speaker"]): string {
  if (state === "verified") return "The key that signed this was revoked after this entry of the log.";
  return state === "failed"
    ? "The key that signed this was revoked."
    : "The key that signed this was revoked; whether before or after it signed is not shown here.";
}

function Issuer({ claim: { signer, isForAccount } }: { claim: Claim }) {
  if (!signer) return null;
  const who = isForAccount
    ? "by this market, for an account without a key of its own"
    : signer.handle === null
      ? "by this market itself"
      : "by an account’s own key";
  return (
    <>
      <span className={isForAccount ? "text-ochre" : ""}>{who}</span>
      {signer.isDemoKey && <span className="text-ink-3">demo key</span>}
    </>
  );
}

function Said({ sentences }: Pick<Claim, "sentences">) {
  if (!sentences)
    return (
      <p className="max-w-[68ch] text-ink-2">
        What it says is not shown, because nothing shows that anybody said it.
      </p>
    );
  return (
    <>
      <SignedHeadline headline={sentences.headline} doesNotShow={sentences.doesNotShow} />
      <SignedFacts facts={sentences.facts} />
    </>
  );
}

function Links({ links: { leafHash, index } }: Pick<Claim, "links">) {
  if (!leafHash) return null;
  const bundleUrl = `${location.origin}/log/1/bundle/${leafHash}`;
  return (
    <div className="grid gap-1 border-t border-line px-5 py-3 text-sm text-ink-3">
      <p className="flex flex-wrap gap-x-5 gap-y-1">
        {index && <TextLink href={`/log/entries/${index}`}>Entry {index}</TextLink>}
        <LeafFiles leafHash={leafHash} />
      </p>
      <details>
        <summary className="min-h-6">The same from a terminal</summary>
        <CommandLine>{filesCommandLine({ bundleUrl })}</CommandLine>
      </details>
    </div>
  );
}
