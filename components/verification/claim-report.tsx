import type { InspectionReport } from "@/lib/verification/report";
import { CheckFrame, CheckLine } from "./check-row";
import { ContradictionNotice } from "../evidence/contradiction-notice";
import { StandingMarks } from "../evidence/standing-marks";
import { SignedFacts, SignedHeadline } from "../evidence/signed-words";
import { filesCommandLine } from "../evidence/terminal-command";

type Claim = InspectionReport["claims"][number];

const LINK = "link inline-flex min-h-6 items-center";

/** A claim that was handed in or looked up, in the same four rows as everywhere. */
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
        {signer?.revokedAt && (
          <p className="text-sm text-ochre">The key that signed this was revoked later.</p>
        )}
      </div>
      <div className="border-t border-line px-5 py-1 text-sm">
        <CheckFrame name="Signature">
          <CheckLine check={claim.signature} />
        </CheckFrame>
        <CheckFrame name="Public record">
          <div>
            <CheckLine check={claim.log} />
            {claim.log.state === "failed" && <ContradictionNotice />}
          </div>
        </CheckFrame>
        <CheckFrame name="Outside observers">
          <CheckLine check={claim.observers} />
        </CheckFrame>
        <CheckFrame name="Your files">
          <CheckLine check={claim.files} />
        </CheckFrame>
      </div>
      <Links links={links} />
    </article>
  );
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
        {index && (
          <a className={LINK} href={`/log/entries/${index}`}>
            Entry {index}
          </a>
        )}
        <a className={LINK} href={`/log/1/proof/${leafHash}`} download={`${leafHash}.tlog-proof`}>
          Proof
        </a>
        <a className={LINK} href={`/log/1/bundle/${leafHash}`} download={`${leafHash}.sigstore.json`}>
          Bundle
        </a>
      </p>
      <details>
        <summary className="min-h-6">The same from a terminal</summary>
        <code className="block rounded-sm bg-sunken px-3 py-2 font-mono text-xs break-all select-all">
          {filesCommandLine({ bundleUrl })}
        </code>
      </details>
    </div>
  );
}
