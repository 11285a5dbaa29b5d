import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server } from "node:http";

/** Node ends every request after five minutes, which gigabytes do not arrive in; uploads have a pace of their own. */
const REQUEST_MS = 5 * 60_000;
const UPLOAD_MS = 24 * 3_600_000;

/** From now on uploads to this process have a day; everything else has to have come within five minutes, as before. */
export function giveUploadsTime(): void {
  subscribe("http.server.request.start", (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server };
    server.requestTimeout = UPLOAD_MS;
    if (!request.url?.startsWith("/api/uploads")) endWhenLate(request);
  });
}

function endWhenLate(request: IncomingMessage): void {
  const timer = setTimeout(() => request.complete || request.destroy(), REQUEST_MS);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}
