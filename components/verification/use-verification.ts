import { useCallback, useEffect, useRef, useState } from "react";
import type { InspectionReport } from "@/lib/verification/report";
import { demandContinuity } from "./kept-log";
import { withContinuity } from "./with-continuity";
import type { Verifier } from "./verifier";
import type { VerifyProgress } from "./verify-worker";

type State =
  | { kind: "idle" }
  | { kind: "working"; progress: VerifyProgress | null }
  | { kind: "done"; report: InspectionReport }
  | { kind: "failed"; message: string };

/** Runs one verification at a time in a worker; a new one, or leaving the page, stops the last. */
export function useVerification() {
  const [state, setState] = useState<State>({ kind: "idle" });
  const verifier = useRef<Verifier | null>(null);

  const stop = useCallback(() => {
    verifier.current?.stop();
    verifier.current = null;
    setState({ kind: "idle" });
  }, []);
  useEffect(() => () => verifier.current?.stop(), []);

  const run = useCallback(async (work: (verifier: Verifier) => Promise<InspectionReport>) => {
    verifier.current?.stop();
    setState({ kind: "working", progress: null });
    let mine: Verifier | null = null;
    try {
      const { startVerifier } = await import("./verifier");
      mine = startVerifier();
      verifier.current = mine;
      const report = await held(await work(mine), mine);
      if (verifier.current === mine) setState({ kind: "done", report });
    } catch (error) {
      const message = error instanceof Error ? error.message : "The checking code did not load.";
      if (mine === null || verifier.current === mine) setState({ kind: "failed", message });
    }
  }, []);

  const inspect = useCallback(
    (files: readonly File[]) => {
      if (files.length === 0) return;
      void run((running) =>
        running.inspect(files, (progress) => {
          if (verifier.current === running) setState({ kind: "working", progress });
        }),
      );
    },
    [run],
  );
  const lookUp = useCallback((query: string) => void run((running) => running.lookUp(query)), [run]);
  return { state, inspect, lookUp, stop, clear: stop };
}

/** Demands that every checkpoint found continues the log that this browser remembers. */
async function held(report: InspectionReport, verifier: Verifier): Promise<InspectionReport> {
  const claims: InspectionReport["claims"] = [];
  for (const claim of report.claims) {
    const { shown, log } = claim;
    if (!shown || log.state !== "verified") {
      claims.push(claim);
      continue;
    }
    const seen = await demandContinuity(shown, verifier.compare);
    claims.push({ ...claim, log: withContinuity(log.message, seen) });
  }
  const checkpoints: InspectionReport["checkpoints"] = [];
  for (const checkpoint of report.checkpoints) {
    const seen = checkpoint.shown && (await demandContinuity(checkpoint.shown, verifier.compare));
    if (!seen) checkpoints.push(checkpoint);
    else checkpoints.push({ ...checkpoint, seen: withContinuity(`a log of ${checkpoint.size}`, seen) });
  }
  return { ...report, claims, checkpoints };
}
