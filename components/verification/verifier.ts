import type { InspectionReport } from "@/lib/verification/report";
import type { Continuity, KnownLog } from "@/lib/log/continuity";
import type { VerifyResponse, VerifyProgress, VerifyRequest } from "./verify-worker";

type Task =
  | { kind: "inspect"; files: readonly File[] }
  | { kind: "look_up"; query: string }
  | { kind: "continue"; kept: KnownLog | null; shown: KnownLog };

/** A worker that hashes and verifies beside the page, so that the page stays usable and the work can be stopped. */
export type Verifier = {
  inspect: (files: readonly File[], tell: (progress: VerifyProgress) => void) => Promise<InspectionReport>;
  lookUp: (query: string) => Promise<InspectionReport>;
  compare: (kept: KnownLog | null, shown: KnownLog) => Promise<Continuity>;
  /** Ends the worker and whatever it was doing. */
  stop: () => void;
};

/** Starts a verifier. Its promises reject when it is stopped or cannot run here. */
export function startVerifier(): Verifier {
  const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<
    number,
    { take: (answer: VerifyResponse) => void; reject: (error: Error) => void }
  >();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<VerifyResponse>) => waiting.get(data.id)?.take(data);
  worker.onerror = () => rejectAll("The checking code did not load.");

  function rejectAll(message: string): void {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  }

  function ask(
    task: Task,
    tell: (progress: VerifyProgress) => void = () => undefined,
  ): Promise<VerifyResponse> {
    const id = (last += 1);
    return new Promise((resolve, reject) => {
      const take = (answer: VerifyResponse) => {
        if (answer.kind === "progress") return tell(answer.progress);
        waiting.delete(id);
        if (answer.kind === "error") reject(new Error(answer.message));
        else resolve(answer);
      };
      waiting.set(id, { take, reject });
      worker.postMessage({ id, origin: location.origin, ...task } satisfies VerifyRequest);
    });
  }

  async function report(asked: Promise<VerifyResponse>): Promise<InspectionReport> {
    const answer = await asked;
    if (answer.kind !== "report") throw new Error("The checking code answered something else.");
    return answer.report;
  }

  return {
    inspect: (files, tell) => report(ask({ kind: "inspect", files }, tell)),
    lookUp: (query) => report(ask({ kind: "look_up", query })),
    compare: async (kept, shown) => {
      const answer = await ask({ kind: "continue", kept, shown });
      if (answer.kind !== "continuity") throw new Error("The checking code answered something else.");
      return answer.continuity;
    },
    stop: () => {
      worker.terminate();
      rejectAll("Stopped.");
    },
  };
}
