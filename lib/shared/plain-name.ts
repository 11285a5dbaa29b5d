/** Letters of Arabic after which nothing joins, so that a non-joiner there would not be seen (UAX #31, A1). */
const NOT_JOINING =
  "\\u0621-\\u0625\\u0627\\u0629\\u062F-\\u0632\\u0648\\u0671-\\u0673\\u0675-\\u0677\\u0688-\\u0699\\u06C0\\u06C3-\\u06CB\\u06CD\\u06CF\\u06D2\\u06D3\\u06D5\\u06EE\\u06EF";
const VIRAMA =
  "\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D3B\\u0D3C\\u0D4D\\u0DCA\\u1039\\u17D2\\u1B44\\uA806\\uA8C4\\uA9C0\\uABED";
const ARABIC = "\\p{Script=Arabic}";

/** Joiners, non-joiners and variation selectors where they change what is seen. */
const SEEN = new RegExp(
  [
    "(?<=\\p{Extended_Pictographic}[\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?)\\u200D(?=\\p{Extended_Pictographic})",
    "(?<=\\p{Emoji})[\\uFE0E\\uFE0F]",
    `(?<=(?![${NOT_JOINING}])${ARABIC}\\p{Mn}*)\\u200C(?=\\p{Mn}*(?!\\u0621)${ARABIC})`,
    `(?<=\\p{L}\\p{M}*[${VIRAMA}]\\p{M}*)[\\u200C\\u200D](?=\\p{L})`,
  ].join("|"),
  "gu",
);

/** Control, format, private and unassigned characters, halves, line ends, blanks that are letters, and fillers. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

export const UNSEEN_REFUSED =
  "Leave out characters that cannot be seen or that turn the direction of the text around.";

/**
 * True for a name that looks like what it is: without characters that cannot be seen or that change the direction of
 * what stands around it. Joiners are allowed where they are seen: in emoji, in Persian and in Indic words.
 */
export function isPlainName(name: string): boolean {
  return withoutUnseen(name) === name;
}

/** The name without such characters, for names that no person can be asked about. */
export function withoutUnseen(name: string): string {
  let kept = "";
  let from = 0;
  for (const { index, 0: joiner } of name.matchAll(SEEN)) {
    kept += name.slice(from, index).replace(UNSEEN, "") + joiner;
    from = index + joiner.length;
  }
  return kept + name.slice(from).replace(UNSEEN, "");
}
