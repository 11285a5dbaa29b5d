"use client";

import { useEffect, useRef, useState } from "react";
import type { EnvelopeView } from "@/lib/evidence/evaluation-view";
import type { ClaimChecks, ShownClaim } from "./check-claim";
import { CheckFrame, CheckLine, CheckRow } from "./check-row";
import { ContradictionNotice } from "../evidence/contradiction-notice";
import { FilesCheck } from "./files-check";
import { filesCommandLine } from "../evidence/terminal-command";

type Props = {
  envelope: EnvelopeView;
  /** Whose key it is signed with. */
  signerName: string;
  /** Null where nothing ties the claim to files: an endpoint, a card, terms of a deal. */
  modelDigest: string | null;
};

/** The five checks of a claim, made here once they come into sight. What was not checked never looks as if it were. */
export function VerificationRows({ envelope, signerName, modelDigest }: Props) {
  const { sha256, href, payloadSha256, predicateType, keySpkiBase64 } = envelope;
  const subjectSha256 = modelDigest;
  const claim = { sha256, href, payloadSha256, predicateType, keySpkiBase64, signerName, subjectSha256 };
  const [checks, setChecks] = useState<ClaimChecks | "unavailable" | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useInSight(place, claim, setChecks);
  const read = typeof checks === "object" ? checks : null;
  return (
    <div ref={place} className="border-t border-line px-5 py-1 text-sm">
      <CheckFrame name="Signature">
        <div role="status">
          <Outcome checks={checks} row="signature" href={href} />
        </div>
      </CheckFrame>
      <CheckFrame name="Who speaks">
        <div role="status">
          <Outcome checks={checks} row="speaker" href={href} />
        </div>
      </CheckFrame>
      <CheckFrame name="Public record">
        <div role="status">
          <Outcome checks={checks} row="log" href={href} />
          {read?.log.state === "failed" && <ContradictionNotice />}
        </div>
      </CheckFrame>
      <CheckFrame name="Outside observers">
        <div role="status">
          <Outcome checks={checks} row="observers" href={href} />
        </div>
      </CheckFrame>
      <CheckFrame name="Your files">
        {modelDigest === null ? (
          <CheckLine
            check={{
              state: "cannot_check",
              message: "this claim names no files, so nothing ties it to bytes",
            }}
          />
        ) : (
          <FilesCheck modelDigest={modelDigest} commandLine={filesCommandLine(envelope)} />
        )}
      </CheckFrame>
    </div>
  );
}

type Row = "signature" | "speaker" | "log" | "observers";

type OutcomeProps = { checks: ClaimChecks | "unavailable" | null; row: Row; href: string };

function Outcome({ checks, row, href }: OutcomeProps) {
  if (checks === "unavailable")
    return <CheckLine check={{ state: "cannot_check", message: "the checking code did not load" }} />;
  if (checks) return <CheckLine check={checks[row]} />;
  return (
    <CheckRow state="not_checked">
      <b className="font-medium text-ink-3">not checked</b>
      <noscript>
        {row === "signature" ? (
          <>
            : needs JavaScript, or <a href={href}>check the envelope yourself</a>
          </>
        ) : (
          ": needs JavaScript, or any program that reads C2SP logs at /log/1/"
        )}
      </noscript>
    </CheckRow>
  );
}

/** Loads the checking code and runs it once, when the rows come into sight. */
function useInSight(
  place: React.RefObject<HTMLDivElement | null>,
  claim: ShownClaim,
  done: (checks: ClaimChecks | "unavailable") => void,
): void {
  const asked = JSON.stringify(claim);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let isGone = false;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void import("./check-claim")
        .then(({ checkClaim }) => checkClaim(JSON.parse(asked) as ShownClaim))
        .catch(() => "unavailable" as const)
        .then((found) => {
          if (!isGone) done(found);
        });
    });
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [place, asked, done]);
}
