"use client";

import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { LiveDeal as LiveDealState } from "@/lib/deals/queries/live-deal";
import { liveDealQuery } from "./deal-query";

type Props = { dealId: string; initial: LiveDealState };

/**
 * Shows the page of the waiting side anew when the other side, a clock or a moderator has moved the deal. Whose turn it
 * is does not poll, so that nothing is redrawn under a form being sent. Renders nothing visible.
 */
export function LiveDeal(props: Props) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 2 } } }));
  return (
    <QueryClientProvider client={client}>
      <Watcher {...props} />
    </QueryClientProvider>
  );
}

function Watcher({ dealId, initial }: Props) {
  const router = useRouter();
  const { data } = useQuery({
    ...liveDealQuery(dealId),
    initialData: initial,
    enabled: !initial.isYourTurn,
  });
  const hasMoved = data.version !== initial.version;
  useEffect(() => {
    if (hasMoved) router.refresh();
  }, [hasMoved, data.version, router]);
  return (
    <p role="status" className="sr-only">
      {hasMoved ? `The deal has moved on: ${data.title}.` : ""}
    </p>
  );
}
