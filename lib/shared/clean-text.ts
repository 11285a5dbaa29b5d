/** The text without what PostgreSQL and JSON cannot hold: NUL is left out, half characters become U+FFFD. */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}
