import { isSafeLink } from "@/lib/shared/safe-link";

const MAX_LENGTH = 500;

/**
 * Why an address cannot be a seller's endpoint, or null. Only https on ports 443 or 8443, a public host name (never
 * an address in digits, so that nothing inside the operator's own network can be named), no credentials and no
 * fragment. The one exception is a demo's own seller, at exactly its origin. Resolving the name and connecting to the checked
 * address is the caller's duty on every single call.
 */
export function checkEndpointUrl(text: string, demoOrigin: string | null): string | null {
  if (text.length > MAX_LENGTH || !URL.canParse(text))
    return "Write a whole address, such as https://models.example.com/v1.";
  const url = new URL(text);
  const isDemoSeller = url.origin === demoOrigin;
  if (url.protocol !== "https:" && !isDemoSeller) return "The endpoint must be served over https.";
  if (url.username || url.password) return "Leave sign-in details out of the address: everybody can read it.";
  if (!isSafeLink(isDemoSeller ? text.replace(/^http:/i, "https:") : text))
    return "Leave out characters that no address has.";
  if (url.hash) return "Leave out the part after #.";
  if (isDemoSeller) return null;
  if (url.port !== "" && url.port !== "8443") return "Use port 443 or 8443.";
  const host = url.hostname.replace(/\.$/, "").toLowerCase();
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "Use a host name, not a number.";
  const isPublicName =
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host);
  if (
    !isPublicName ||
    /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|arpa|onion)$/.test(host)
  ) {
    return "Use a host name that the public internet knows.";
  }
  return null;
}
