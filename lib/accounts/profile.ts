import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { isSafeLink } from "@/lib/shared/safe-link";

export const HANDLE_PATTERN = /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,29}$/;

/** Handles that would look like the platform speaking, or like a page. */
const RESERVED = new Set([
  ..."admin administrator moderator evaluator platform offcut system support security staff root help".split(
    " ",
  ),
  ..."official escrow payments payouts legal abuse postmaster webmaster api www mail me you people account".split(
    " ",
  ),
]);

/** Why nobody can have this handle, as a sentence, or null. Whether it is taken is another question. */
export function handleProblem(handle: string): string | null {
  if (!HANDLE_PATTERN.test(handle)) {
    return "Use 3 to 30 small letters, digits and single hyphens, starting and ending with a letter or digit.";
  }
  if (RESERVED.has(handle) || handle.startsWith("offcut-") || handle.startsWith("demo-")) {
    return "This handle is reserved.";
  }
  return null;
}

/** A first handle made of a display name; `suffix` (letters and digits) sets it apart where the plain one is taken. */
export function handleFrom(displayName: string, suffix = ""): string {
  const stem = displayName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 20)
    .replace(/^-+|-+$/g, "");
  const base = stem.length >= 3 && !handleProblem(stem) ? stem : "member";
  return suffix || base === "member" ? `${base}-${suffix || "1"}` : base;
}

const IMPERSONATION = /\boff[\s-]?cut\b|\bmoderator\b|\badministrator\b|\(demo\)/i;

/** Why this cannot be shown as a name, as a sentence, or null. */
export function displayNameProblem(name: string): string | null {
  if ([...name].length < 2 || [...name].length > 60) return "Use 2 to 60 characters.";
  if (!isPlainName(name)) return UNSEEN_REFUSED;
  if (IMPERSONATION.test(name)) return "This name could be taken for the platform or a demo account.";
  return null;
}

/** Why this is no address for a profile, as a sentence, or null. Only https, and nothing hidden in it. */
export function websiteProblem(url: string): string | null {
  if (url === "") return null;
  if (url.length > 200) return "Use at most 200 characters.";
  if (!URL.canParse(url)) return "Write the whole address, starting with https://.";
  const parsed = new URL(url);
  if (parsed.protocol !== "https:") return "Only addresses that start with https:// are shown.";
  if (parsed.username || parsed.password) return "Leave out the name and password in the address.";
  if (!isSafeLink(url)) return "This address holds characters that no address has.";
  if (!parsed.hostname.includes(".")) return "This address leads nowhere on the public web.";
  return null;
}
