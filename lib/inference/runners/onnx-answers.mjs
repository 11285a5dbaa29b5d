/** What the outputs of a graph say of each row. */

const MAX_SCORES = 20;

export function numberAnswers(results, { graphOutput }, rows) {
  const output = graphOutput === null ? Object.values(results)[0] : results[graphOutput];
  const values = Array.from(output.data, Number);
  if (values.length !== rows) throw new Error("the model answered in another shape than one number a row");
  return values.map((number) =>
    Number.isFinite(number) ? { number } : { refused: "The answer is not a number." },
  );
}

/**
 * The class is taken from the scores; a row whose label output says otherwise, or names none of the classes, is refused.
 * What is said of a refused row never holds what the model answered: that may be the row itself.
 */
export function classAnswers(results, { labels, scores, labelOutput }, rows) {
  const said = labelOutput === null ? null : Array.from(results[labelOutput].data, String);
  if (said && said.length !== rows) throw new Error("the model did not name a class for every row");
  if (!scores) return said.map((name) => labelAnswer(labelOf(name, labels)));
  const table = results[scores.graphOutput];
  const columns = table.data.length / rows;
  if (columns !== labels.length && !(columns === 1 && labels.length === 2))
    throw new Error(`the model answered ${columns} scores a row for ${labels.length} classes`);
  return Array.from({ length: rows }, (_, row) => {
    const raw = Array.from(table.data.subarray(row * columns, (row + 1) * columns), Number);
    if (!raw.every(Number.isFinite)) return { refused: "The answer is not a number." };
    const answer = strongest(scoresOf(raw, scores.form), labels, scores.form);
    return said && labelOf(said[row], labels) !== answer.label ? CONTRADICTION : answer;
  });
}

const CONTRADICTION = { refused: "Its label output contradicts its own scores." };
const NO_CLASS = { refused: "Its answer is not among its classes." };

const labelAnswer = (label) => (label === undefined ? NO_CLASS : { label });

/** The class by its name or its number; undefined where it is none. */
function labelOf(said, labels) {
  if (labels.includes(said)) return said;
  return /^\d{1,4}$/.test(said) ? labels[Number(said)] : undefined;
}

/** Probabilities of all classes, in double precision; margins stay as they are. */
function scoresOf(raw, form) {
  const single = raw.length === 1 ? raw[0] : null;
  if (form === "logits") {
    if (single !== null) return softmax([0, single]);
    return softmax(raw);
  }
  if (single !== null) return form === "margins" ? [-single, single] : [1 - single, single];
  return raw;
}

function softmax(values) {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function strongest(scores, labels, form) {
  let best = 0;
  for (let at = 1; at < scores.length; at += 1) if (scores[at] > scores[best]) best = at;
  if (form === "margins") return { label: labels[best] };
  const ranked = scores
    .map((score, at) => ({ label: labels[at], score }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_SCORES);
  return { label: labels[best], score: scores[best], scores: ranked };
}
