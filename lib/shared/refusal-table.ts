/**
 * A refusal with a small table under its sentence, as plain text: the sentence, then a line for each row with tabs
 * between. So it reads in a script's answer as well as on a page.
 */
export type RefusalTable = {
  sentence: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
};

const MAX_CELL_CHARACTERS = 60;

export function writeRefusal({ sentence, head, rows }: RefusalTable): string {
  const lines = [head, ...rows].map((cells) => cells.map(cellOf).join("\t"));
  return [sentence, ...lines].join("\n");
}

/** The table of such a text; null for a text that is a sentence alone. */
export function readRefusal(text: string): RefusalTable | null {
  const [sentence = "", ...lines] = text.split("\n");
  const [head = [], ...rows] = lines.map((line) => line.split("\t"));
  return head.length > 1 ? { sentence, head, rows } : null;
}

function cellOf(cell: string): string {
  const plain = cell.replace(/\s+/g, " ");
  return plain.length > MAX_CELL_CHARACTERS ? `${plain.slice(0, MAX_CELL_CHARACTERS - 1)}…` : plain;
}
