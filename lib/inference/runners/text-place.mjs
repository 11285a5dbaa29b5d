/** Where words of a tokenizer stand in the text that it read. */

/** The text as tokenizers may have folded it, without case and marks, with the place of each of its signs. */
function folded(text) {
  let signs = "";
  const places = [];
  for (let at = 0; at < text.length;) {
    const sign = String.fromCodePoint(text.codePointAt(at));
    const plain = sign
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase();
    for (let part = 0; part < plain.length; part += 1) places.push([at, at + sign.length]);
    signs += plain;
    at += sign.length;
  }
  return { signs, places };
}

const MAX_GAP = 200;

/** Finds words one after another; null for one that does not stand ahead in the text. */
export function placeFinder(text) {
  const { signs, places } = folded(text);
  let cursor = 0;
  return (word) => {
    const { signs: wanted } = folded(word.replace(/^(##|▁|Ġ)/u, "").trim());
    if (wanted === "") return null;
    const at = signs.slice(cursor, cursor + MAX_GAP + wanted.length).indexOf(wanted);
    if (at < 0) return null;
    const first = cursor + at;
    cursor = first + wanted.length;
    return { start: places[first][0], end: places[cursor - 1][1] };
  };
}

/** Tokens with their tags as the spans they make: a span goes on while its name does and no tag begins a new one. */
export function spansOf(text, tokens) {
  const spans = [];
  let open = null;
  for (const { tag, score, place } of tokens) {
    const [, kind = "I", name = tag] = /^([BIES])-(.+)$/u.exec(tag) ?? [];
    const goesOn =
      open && tag !== "O" && open.label === name && kind !== "B" && kind !== "S" && !open.isClosed;
    if (!goesOn && open) spans.push(open);
    if (tag === "O" || !place) open = goesOn && tag !== "O" ? open : null;
    else if (goesOn)
      open = { ...open, end: place.end, scores: [...open.scores, score], isClosed: kind === "E" };
    else open = { label: name, ...place, scores: [score], isClosed: kind === "E" || kind === "S" };
  }
  if (open) spans.push(open);
  return spans.map(({ label, start, end, scores }) => ({
    ...{ label, start, end, text: text.slice(start, end) },
    score: scores.reduce((sum, score) => sum + score, 0) / scores.length,
  }));
}
