"use client";

import { useEffect, useRef, useState } from "react";
import type { LogOutcome } from "./check-log";
import { CheckRow } from "./check-row";

type Props = { href: string; keySpkiBase64: string };

/** Looks up a claim's entry in the public log once its card is in sight, and checks the proof in this browser. */
export function LogCheck({ href, keySpkiBase64 }: Props) {
  const [outcome, setOutcome] = useState<LogOutcome | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let isGone = false;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void import("./check-log")
        .then(({ checkLog }) => checkLog({ href, keySpkiBase64 }))
        .catch((): LogOutcome => ({ state: "cannot_check", message: "the checking code did not load." }))
        .then((found) => {
          if (!isGone) setOutcome(found);
        });
    });
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [href, keySpkiBase64]);
  return (
    <div ref={place} role="status">
      <Outcome outcome={outcome} />
    </div>
  );
}

function Outcome({ outcome }: { outcome: LogOutcome | null }) {
  switch (outcome?.state) {
    case undefined:
      return (
        <CheckRow state="not_checked">
          not checked
          <noscript>: needs JavaScript, or any program that reads C2SP logs at /log/1/</noscript>
        </CheckRow>
      );
    case "verified":
      return (
        <CheckRow state="verified">
          entry {outcome.entry} of a log of {outcome.size}, verified here in this browser (
          <a href={outcome.proofHref}>proof</a>)
        </CheckRow>
      );
    case "waiting":
      return <CheckRow state="not_checked">not yet covered by a published checkpoint of the log</CheckRow>;
    case "cannot_check":
      return <CheckRow state="cannot_check">cannot check: {outcome.message}</CheckRow>;
    case "failed":
      return <CheckRow state="failed">FAILED: {outcome.message}</CheckRow>;
  }
}
