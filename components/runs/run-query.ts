import { queryOptions } from "@tanstack/react-query";
import type { RunProgress } from "@/lib/selling/queries/runs";

const POLL_MS = 1_000;

/** What the page of a run asks for until it has ended. Pauses in a hidden tab. */
export function runProgressQuery(runId: string) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: async (): Promise<RunProgress> => {
      const response = await fetch(`/api/live/runs/${runId}`, { headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`The run could not be read (${response.status}).`);
      return (await response.json()) as RunProgress;
    },
    refetchInterval: ({ state }) => (state.data?.isEnded ? false : POLL_MS),
    staleTime: POLL_MS,
  });
}
