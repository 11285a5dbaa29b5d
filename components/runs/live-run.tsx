"use client";

import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { RunProgress } from "@/lib/selling/queries/runs";
import { RunStanding } from "./run-standing";
import { runProgressQuery } from "./run-query";

type Props = { runId: string; initial: RunProgress };

/** How far a run is, asked again every second until it ends; a browser without scripts is told to by the page itself. */
export function LiveRun(props: Props) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 2 } } }));
  return (
    <QueryClientProvider client={client}>
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
      <Watcher {...props} />
    </QueryClientProvider>
  );
}

function Watcher({ runId, initial }: Props) {
  const router = useRouter();
  const { data, isError } = useQuery({ ...runProgressQuery(runId), initialData: initial });
  const hasMoved = data.phase !== initial.phase || data.isStopping !== initial.isStopping;
  useEffect(() => {
    // What can be done with it, and what came of it, is the page's.
    if (hasMoved) router.refresh();
  }, [hasMoved, data.phase, router]);
  return (
    <>
      <RunStanding progress={data} />
      {isError && (
        <p role="alert" className="text-red">
          This page does not reach Offcut just now, so what it shows may be old. It goes on asking.
        </p>
      )}
    </>
  );
}
