const scriptNames = (
  "Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Syriac Thaana Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya " +
  "Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Mongolian Hangul Hiragana Katakana Han"
).split(" ");
const scripts = new RegExp(scriptNames.map((name) => `(?<${name}>\\p{sc=${name}})`).join("|"), "u");

/** What follows from a text and is asked for: its length, and the script that most of its letters are of. */
export function ofText(text: string): Record<string, string> {
  const counts = new Map<string, number>();
  for (const sign of text.normalize("NFC")) {
    if (!/\p{L}/u.test(sign)) continue;
    const [name = "other"] = Object.entries(scripts.exec(sign)?.groups ?? {}).flatMap(([script, held]) =>
      held === undefined ? [] : [script.toLowerCase()],
    );
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most = ["", 0] as const] = [...counts].sort(([, a], [, b]) => b - a);
  return { input_characters: String([...text.normalize("NFC")].length), input_script: most[0] };
}
