"use client";

import { useEffect, useRef, useState } from "react";
import type { EnvelopeOutcome } from "./check-envelope";
import { CheckRow } from "./check-row";
import type { CheckableEnvelope } from "./verification-rows";

type Props = { envelope: CheckableEnvelope; signerName: string; subjectSha256: string | null };

/** Fetches the exact envelope once its card is in sight and checks it in this browser, under the key shown. */
export function SignatureCheck({ envelope, signerName, subjectSha256 }: Props) {
  const [outcome, setOutcome] = useState<EnvelopeOutcome | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const { sha256, href, payloadSha256, predicateType, keySpkiBase64 } = envelope;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let isGone = false;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void import("./check-envelope")
        .then(({ checkEnvelope }) =>
          checkEnvelope({ sha256, href, payloadSha256, predicateType, keySpkiBase64, subjectSha256 }),
        )
        .catch((): EnvelopeOutcome => ({ state: "cannot_check", message: "The checking code did not load." }))
        .then((found) => {
          if (!isGone) setOutcome(found);
        });
    });
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [sha256, href, payloadSha256, predicateType, keySpkiBase64, subjectSha256]);
  return (
    <div ref={place} role="status">
      <Outcome outcome={outcome} signerName={signerName} href={href} />
    </div>
  );
}

function Outcome({
  outcome,
  signerName,
  href,
}: {
  outcome: EnvelopeOutcome | null;
  signerName: string;
  href: string;
}) {
  if (outcome === null) {
    return (
      <CheckRow state="not_checked">
        not checked
        <noscript>
          : needs JavaScript, or <a href={href}>check the envelope yourself</a>
        </noscript>
      </CheckRow>
    );
  }
  switch (outcome.state) {
    case "verified":
      return <CheckRow state="verified">matches {signerName}’s key, verified here in this browser</CheckRow>;
    case "cannot_check":
      return <CheckRow state="cannot_check">cannot check: {outcome.message}</CheckRow>;
    case "failed":
      return <CheckRow state="failed">FAILED: {outcome.message}</CheckRow>;
  }
}
