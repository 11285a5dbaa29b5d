type Counts = { total: number; adverse: number; withdrawn: number };

/** Sentence of all pages: "All 4 statements about these files: 1 adverse, 0 withdrawn". */
export function completenessText({ total, adverse, withdrawn }: Counts): string {
  if (total === 0) return "No statement about these files is in the log";
  const all = total === 1 ? "The 1 statement" : `All ${total.toLocaleString("en")} statements`;
  return `${all} about these files: ${adverse.toLocaleString("en")} adverse, ${withdrawn.toLocaleString("en")} withdrawn`;
}
