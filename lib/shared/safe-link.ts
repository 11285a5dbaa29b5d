const MAX_CHARACTERS = 2_000;

/** What a browser drops, folds or hides while it reads an address, so that a reader sees another one than it opens. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/u;

/**
 * True for an address that a person wrote and others may be shown as a link: `https://` or `mailto:`, absolute, at most
 * 2,000 characters, without a name or password in it and without space, control or invisible characters. Everything
 * that takes a link asks this, and everything that shows one asks it again.
 */
export function isSafeLink(href: string): boolean {
  if (href.length > MAX_CHARACTERS || UNSEEN.test(href)) return false;
  if (!/^(?:https:\/\/(?!\/)|mailto:)/i.test(href)) return false;
  const url = URL.parse(href);
  if (url === null) return false;
  if (url.protocol === "mailto:") return /^[^@?/]+@[^@?/]+$/.test(url.pathname);
  return url.username === "" && url.password === "" && !/^[^/?#]*@/.test(href.slice("https://".length));
}
