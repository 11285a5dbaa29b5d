import { queryOptions } from "@tanstack/react-query";
import type { LiveDeal } from "@/lib/deals/queries/live-deal";

const POLL_MS = 5000;

/** What a waiting deal room asks for while somebody else may act. Pauses in a hidden tab. */
export function liveDealQuery(dealId: string) {
  return queryOptions({
    queryKey: ["deal", dealId],
    queryFn: async (): Promise<LiveDeal> => {
      const response = await fetch(`/api/live/deals/${dealId}`, { headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`The deal could not be read (${response.status}).`);
      return (await response.json()) as LiveDeal;
    },
    refetchInterval: POLL_MS,
    staleTime: POLL_MS,
  });
}
