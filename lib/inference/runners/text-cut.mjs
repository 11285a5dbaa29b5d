/** What of a text is read, and what of an answer is kept. */

/**
 * The longest beginning of a text, in composed form, whose tokens are at most so many, the closing one among them: a
 * library would cut that one off.
 */
export function cutText(raw, count, maxTokens) {
  const text = raw.normalize("NFC");
  if (maxTokens === null || count(text) <= maxTokens) return text;
  const characters = [...text];
  let [fits, over] = [0, characters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (count(characters.slice(0, middle).join("")) <= maxTokens) fits = middle;
    else over = middle;
  }
  return characters.slice(0, fits).join("");
}

/** What stands before the first of the texts that end an answer. */
export function beforeStop(text, stop) {
  const ends = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}
