import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { FairShare, MAX_CHARGE_MS, MAX_WAIT_MS } from "./fair-share";

type Running = { begin: (client: string) => void; hasBegun: boolean };
type Pace = { header: string; share: FairShare; running: Map<string, Running> };

const place = globalThis as { offcutPace?: Pace };

/** One for this process, however often a bundle loads this file. Nobody is told the header, so no client can send it. */
function pace(): Pace {
  return (place.offcutPace ??= {
    header: `x-pace-${randomUUID()}`,
    share: new FairShare(),
    running: new Map(),
  });
}

/** From now on the time that each request of this process takes is known, and counts for whoever waited for a turn. */
export function keepPace(): void {
  const { header, share, running } = pace();
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const id = randomUUID();
    // What Next.js sends to itself on the way is still the same request.
    request.headers[header] ??= id;
    if (request.headers[header] !== id) return;
    let end = () => {};
    running.set(id, {
      hasBegun: false,
      begin(client) {
        this.hasBegun = true;
        const begunAt = performance.now();
        const timer = setTimeout(() => end(), MAX_CHARGE_MS).unref();
        end = () => {
          clearTimeout(timer);
          end = () => {};
          share.end(client, performance.now() - begunAt, performance.now());
        };
      },
    });
    response.once("close", () => {
      running.delete(id);
      end();
    });
  });
}

/** Waits until a client may have its next answer: false when it has asked for so much that this would take too long. */
export async function waitForTurn(headers: Headers, client: string): Promise<boolean> {
  const { header, share, running } = pace();
  const until = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const request = running.get(headers.get(header) ?? "");
    // It was counted on its way here, or whoever sent it has gone.
    if (!request || request.hasBegun) return true;
    const waitMs = share.begin(client, performance.now());
    if (waitMs === 0) {
      request.begin(client);
      return true;
    }
    if (performance.now() + waitMs > until) return false;
    await pause(waitMs);
  }
}
