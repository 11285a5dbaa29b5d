import { type Ending, worstOf } from "./ending";

/** One thing that was looked at. The four states are those of the pages. */
export type Row = {
  check: "signature" | "statement" | "speaker" | "log" | "observers" | "history" | "files" | "address";
  state: "verified" | "not_checked" | "cannot_check" | "failed";
  /** Why it is not verified; absent where it is. */
  code?: string;
  /** How a command with this row ends, taken alone; what was merely not asked for ends well. */
  ending: Ending;
  text: string;
};

export function verified(check: Row["check"], text: string): Row {
  return { check, state: "verified", ending: "verified", text };
}

export function notChecked(check: Row["check"], text: string, code = "not_asked"): Row {
  return { check, state: "not_checked", code, ending: "verified", text };
}

/** Something speaks against it: `failed`, or a log that showed two histories. */
export function failedRow(
  check: Row["check"],
  code: string,
  text: string,
  ending: "failed" | "inconsistent_log" = "failed",
): Row {
  return { check, state: "failed", code, ending, text };
}

/** Nothing can be said here, for or against. */
export function cannotCheck(
  check: Row["check"],
  code: string,
  text: string,
  ending: "unsupported" | "unreachable" | "untrusted_key",
): Row {
  return { check, state: "cannot_check", code, ending, text };
}

export function endingOf(rows: readonly Row[]): Ending {
  return worstOf(rows.map(({ ending }) => ending));
}

const words: Record<Row["state"], string> = {
  verified: "verified here",
  not_checked: "not checked",
  cannot_check: "cannot check",
  failed: "FAILED",
};

/** One line for a person: state, what was checked, and what came out. */
export function rowLine({ check, state, text }: Row): string {
  return `  ${words[state].padEnd(14)}${check.padEnd(11)}${text}`;
}

/** The same for machines. */
export function rowJson({ check, state, code, text }: Row): Record<string, string> {
  return { check, state, ...(code !== undefined && { code }), text };
}
