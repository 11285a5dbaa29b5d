const BASE = "https://own.invalid";

/**
 * Where to go after signing in: the path asked for when it certainly lies on this site, else "/". Anything that a
 * browser could read as another origin (two slashes, a backslash, a scheme, control characters) counts as foreign.
 */
export function ownPath(asked: string | null | undefined): string {
  if (!asked || asked.length > 2000 || !asked.startsWith("/") || /[\\\p{C}]/u.test(asked)) return "/";
  if (!URL.canParse(asked, BASE)) return "/";
  const url = new URL(asked, BASE);
  // Dots may normalise into two leading slashes: "/.//host".
  if (url.origin !== BASE || url.pathname.startsWith("//")) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
