import type { Cursor } from "@/lib/shared/cursor";

/**
 * The licence of a component as one expression. What its author declared counts before what somebody concluded, each
 * once, and a choice keeps its brackets. One longer than a field is left out whole, since a part of it says something else.
 */
export function readLicence(licences: Cursor, maxCharacters: number): string | null {
  const found = licences.list().map((entry) => {
    const expression = entry.at("expression");
    const place = entry.has("expression") ? entry : entry.at("license");
    return {
      isConcluded: place.at("acknowledgement").text(40) === "concluded",
      text: expression.text(2_000) ?? entry.at("license").first("id", "name").text(2_000),
      entry,
    };
  });
  const declared = found.filter(({ isConcluded }) => !isConcluded);
  const counted = declared.some(({ text }) => text !== null) ? declared : found;
  const texts = [...new Set(counted.flatMap(({ text }) => text ?? []))];
  for (const { text, entry } of found)
    if (text !== null && !texts.includes(text))
      entry.note("Somebody concluded another licence than its author declared.");
  const isMany = texts.length > 1;
  const whole = texts.map((text) => (isMany && /\s(?:or|and|with)\s/i.test(text) ? `(${text})` : text));
  const joined = whole.join(" AND ");
  if (joined.length <= maxCharacters) return joined === "" ? null : joined;
  licences.note(`It is longer than the ${maxCharacters} characters of its field, so it was not taken.`);
  return null;
}
