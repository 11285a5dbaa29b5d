"use client";

import { useEffect, useState } from "react";
import type { CheckpointChecks } from "./check-checkpoint";
import { CheckFrame, CheckLine } from "./check-row";
import { ContradictionNotice } from "../evidence/contradiction-notice";
import type { Check } from "@/lib/verification/check";

const waiting: Check = { state: "not_checked", message: "" };

/** What this browser makes of the log's checkpoint, and whether it continues what it saw before. */
export function CheckpointRows() {
  const [checks, setChecks] = useState<CheckpointChecks | null>(null);
  useEffect(() => {
    let isGone = false;
    const lost: Check = { state: "cannot_check", message: "the checking code did not load" };
    void import("./check-checkpoint")
      .then(({ checkCheckpoint }) => checkCheckpoint())
      .catch((): CheckpointChecks => ({ signature: lost, continuity: lost, observers: lost }))
      .then((found) => {
        if (!isGone) setChecks(found);
      });
    return () => {
      isGone = true;
    };
  }, []);
  return (
    <div className="text-sm">
      <CheckFrame name="Signature" isNarrow>
        <div role="status">
          <CheckLine check={checks?.signature ?? waiting}>
            {!checks && <noscript>: needs JavaScript, or any program that reads C2SP logs</noscript>}
          </CheckLine>
        </div>
      </CheckFrame>
      <CheckFrame name="Seen before" isNarrow>
        <div role="status">
          <CheckLine check={checks?.continuity ?? waiting} />
          {checks && <ContradictionNotice />}
        </div>
      </CheckFrame>
      <CheckFrame name="Outside observers" isNarrow>
        <div role="status">
          <CheckLine check={checks?.observers ?? waiting} />
        </div>
      </CheckFrame>
    </div>
  );
}
