import "server-only";
import { env } from "@/lib/platform/env";
import { peerOf } from "@/lib/platform/peer";
import { clientNetwork } from "../client";

/** Whose attempts a request counts among; see `clientNetwork`. */
export function networkOf(sent: Headers): string | null {
  return clientNetwork(peerOf(sent), sent.get("x-forwarded-for"), env().TRUSTED_PROXY);
}
