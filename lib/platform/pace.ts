import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { FairShare } from "./fair-share";

type Running = { begin: (client: string) => void; hasBegun: boolean };
type Pace = { header: string; share: FairShare; running: Map<string, Running> };

/** A slow download takes no room from what its client reads meanwhile. */
const IN_WORK_MS = 1_000;

const place = globalThis as { offcutPace?: Pace };

/** One for this process, however often a bundle loads this file. Nobody is told the header, so no client can send it. */
function pace(): Pace {
  return (place.offcutPace ??= {
    header: `x-pace-${randomUUID()}`,
    share: new FairShare(),
    running: new Map(),
  });
}

/** From now on it is known of each request of this process when it ends. */
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
        const timer = setTimeout(() => end(), IN_WORK_MS).unref();
        end = () => {
          clearTimeout(timer);
          end = () => {};
          share.end(client);
        };
      },
    });
    response.once("close", () => {
      running.delete(id);
      end();
    });
  });
}

/** Waits until a client may have its next answer; false, at once, when too many of it wait already. */
export async function waitForTurn(headers: Headers, client: string): Promise<boolean> {
  const { header, share, running } = pace();
  const id = headers.get(header) ?? "";
  if (!share.enter(client, performance.now())) return false;
  // Without one it was counted on its way here, or whoever sent it has gone.
  for (let request = running.get(id); request && !request.hasBegun; request = running.get(id)) {
    const waitMs = share.begin(client, performance.now());
    if (waitMs === 0) request.begin(client);
    else await pause(waitMs);
  }
  share.leave(client);
  return true;
}
