import { canonicalValue } from "./canonical-value";

type Answered = { label: string; prediction: string };

/** What programs write where a value is missing, and what no class is called. */
const MISSING = /^(?:nan|null|<na>|#n\/a|#na|nat)$/i;
/** What stands for a missing value in some files, and is a class in others. */
const MAYBE_MISSING = /^(?:na|n\/a|none|nil)$/i;
const NUMBERED = /^label_(\d{1,9})$/i;
const WHOLE = /^\d{1,9}$/;

/** Whether a value says that there is none: `NaN`, `null`, `<NA>`. `NA` and `None` may be classes; no number is. */
export function isMissing(value: string, isNumber = false): boolean {
  return value.length <= 4 && (MISSING.test(value) || (isNumber && MAYBE_MISSING.test(value)));
}

/**
 * Writes labels and predictions alike, so that what is the same value is the same text: numbers as decimals, texts in NFC
 * without outer blanks, each as its first label spells it; `LABEL_1` as 1 where the other side is whole numbers.
 * Answers one sentence for each way in which that, or what is left as it stands, changes a count.
 */
export function alignAnswers<Row extends Answered>(rows: readonly Row[]): { rows: Row[]; notices: string[] } {
  const notices: string[] = [];
  const form = new Forms();
  for (const { label } of rows) form.learn(label);
  for (const { prediction } of rows) form.learn(prediction);
  const renumber = numbering(rows);
  const aligned = rows.map((row): Row => {
    const label = form.of(renumber.label(row.label));
    return { ...row, label, prediction: form.of(renumber.prediction(row.prediction)) };
  });
  if (renumber.notice !== null) notices.push(renumber.notice);
  notices.push(...mergedNotices(rows, aligned, renumber.notice !== null));
  notices.push(...doubtNotices(aligned));
  return { rows: aligned, notices };
}

/** The one spelling of each value. */
class Forms {
  private readonly spellings = new Map<string, string>();
  private readonly known = new Map<string, string>();

  learn(text: string): void {
    this.of(text);
  }

  of(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const value = canonicalValue(text);
    const spelling = this.spellings.get(value) ?? text.trim().normalize("NFC");
    this.spellings.set(value, spelling);
    this.known.set(text, spelling);
    return spelling;
  }
}

type Numbering = Record<keyof Answered, (text: string) => string> & { notice: string | null };

/** Transformers calls classes without names LABEL_0, LABEL_1 and so on, where the labels are 0, 1 and so on. */
function numbering(rows: readonly Answered[]): Numbering {
  const same = (text: string) => text;
  const toNumber = (text: string) => NUMBERED.exec(text.trim())?.[1] ?? text;
  const isAll = (side: keyof Answered, form: RegExp) => {
    const said = rows.map((row) => row[side].trim()).filter((text) => text !== "");
    return said.length > 0 && said.every((text) => form.test(text));
  };
  const isWhole = (side: keyof Answered) =>
    rows.every((row) => row[side] === "" || WHOLE.test(canonicalValue(row[side])));
  const notice =
    "LABEL_0, LABEL_1 and so on were read as 0, 1 and so on: Transformers writes them for classes without names.";
  if (isAll("prediction", NUMBERED) && isWhole("label")) return { label: same, prediction: toNumber, notice };
  if (isAll("label", NUMBERED) && isWhole("prediction")) return { label: toNumber, prediction: same, notice };
  return { label: same, prediction: same, notice: null };
}

function mergedNotices(
  given: readonly Answered[],
  aligned: readonly Answered[],
  isRenumbered: boolean,
): string[] {
  const notices: string[] = [];
  const made = isRenumbered
    ? []
    : given.filter(
        (row, at) =>
          row.label !== row.prediction && aligned[at] && aligned[at].label === aligned[at].prediction,
      );
  const [first] = made;
  if (first)
    notices.push(
      `${rowsHave(made.length)} a prediction spelled in another way than its label, ${pair(first.label, first.prediction)}: the same value, counted as right.`,
    );
  const spelled = new Map<string, string>();
  for (const [at, row] of given.entries()) {
    const label = aligned[at]?.label ?? "";
    const other = spelled.get(label);
    if (other === undefined) spelled.set(label, row.label);
    else if (other !== row.label) {
      notices.push(`Labels spelled in several ways are one class, ${pair(other, row.label)}.`);
      break;
    }
  }
  return notices;
}

function doubtNotices(rows: readonly Answered[]): string[] {
  const notices: string[] = [];
  const labels = new Set(rows.map(({ label }) => label));
  const empty = rows.filter(({ prediction }) => prediction === "").length;
  if (empty > 0) notices.push(`${rowsHave(empty)} no prediction and counted as wrong.`);
  const byCase = rows.filter(
    ({ label, prediction }) => label !== prediction && label.toLowerCase() === prediction.toLowerCase(),
  ).length;
  if (byCase > 0)
    notices.push(
      `${rowsHave(byCase)} a prediction that differs from its label in capitals only; wrong as it stands.`,
    );
  const said = rows.find(({ prediction }) => prediction !== "");
  const [first] = labels;
  if (said && first !== undefined && rows.every(({ prediction }) => !labels.has(prediction)))
    notices.push(
      `No prediction is one of the labels (a label is ${quoted(first)}, a prediction ${quoted(said.prediction)}), so every row counted as wrong. Write both alike if they mean the same.`,
    );
  const word = [...labels].find((label) => MAYBE_MISSING.test(label));
  if (word !== undefined)
    notices.push(
      `The label ${quoted(word)} was counted as a class of that name; leave rows out by hand where it means that there is none.`,
    );
  return notices;
}

function rowsHave(rows: number): string {
  return rows === 1 ? "1 row has" : `${rows.toLocaleString("en")} rows have`;
}

function pair(a: string, b: string): string {
  const looksAlike = a.trim().normalize("NFC") === b.trim().normalize("NFC");
  return looksAlike
    ? `such as ${quoted(a.trim())} written with other characters or blanks`
    : `such as ${quoted(a)} and ${quoted(b)}`;
}

function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
