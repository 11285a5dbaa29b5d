import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { DomainError } from "@/lib/shared/domain-error";

/** Where a request may go that a stranger named. */

export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;
export type Pinned = { address: string; family: number };

const PORTS = ["", "443", "8443"];
const resolveAll: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** Why nothing is sent there, in a sentence; null where it may be, as far as the address itself tells. */
export function refusedTarget(url: string): string | null {
  if (!URL.canParse(url)) return "This is not an address.";
  const { protocol, username, password, port, hostname } = new URL(url);
  if (protocol !== "https:") return "An address that is called begins with https://.";
  if (username || password) return "An address that is called holds no name or password.";
  if (!PORTS.includes(port)) return "An address that is called is on port 443 or 8443.";
  const literal = literalOf(hostname);
  return ipaddr.isValid(literal) && !isPublic(literal)
    ? "This address is not for everybody, so nothing is sent there."
    : null;
}

/** The one address that is connected to. Throws `egress_refused` where any address of the name is not for everybody. */
export async function checkedAddress(hostname: string, resolve: Resolve = resolveAll): Promise<Pinned> {
  const literal = literalOf(hostname);
  const found = ipaddr.isValid(literal)
    ? [{ address: literal, family: ipaddr.parse(literal).kind() === "ipv4" ? 4 : 6 }]
    : await resolve(hostname).catch(() => []);
  const [first] = found;
  if (!first) throw new DomainError("egress_failed", `There is no address for ${hostname}.`);
  if (found.every(({ address }) => isPublic(address))) return first;
  throw new DomainError(
    "egress_refused",
    `${hostname} leads to an address that is not for everybody, so nothing is sent there.`,
  );
}

/** An address of the public internet, also where it is written as another one. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

function literalOf(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
