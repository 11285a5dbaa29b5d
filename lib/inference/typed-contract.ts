/** What a seller may write of a contract, by the name of its field; a field that is not there stays as it was. */
export type TypedContract = Readonly<Record<string, string>>;

export type EditableField = {
  name: string;
  label: string;
  hint: string;
  value: string;
  isLong: boolean;
};

/** One entry a line, without outer blanks and empty lines. */
export function typedLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
