import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const place = globalThis as { offcutPeerHeader?: string };

/** Made anew by every process and told to nobody, so no client can send it. */
function peerHeader(): string {
  return (place.offcutPeerHeader ??= `x-peer-${randomUUID()}`);
}

/**
 * From now on every request of this process carries the address of its socket. What Next.js sends to itself on the
 * way keeps the address it had.
 */
export function notePeers(): void {
  const name = peerHeader();
  subscribe("http.server.request.start", (message) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request;
    headers[name] ??= socket.remoteAddress;
  });
}

/** The address at the other end of the socket, which no header of the client can change; null before `notePeers`. */
export function peerOf(headers: Headers): string | null {
  return headers.get(peerHeader());
}
