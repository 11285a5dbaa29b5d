import { DomainError } from "@/lib/shared/domain-error";
import type { Outcome, Voice } from "./command";
import { type Ending, Refusal, exitCodes } from "./ending";

/** The result of a command as one JSON document. Whole numbers beyond 2^53 are texts. */
export function formatJson(ending: Ending, result: Record<string, unknown>): string {
  const document = { ending, exitCode: exitCodes[ending], ...result };
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/** Where a program writes: results to one place, everything else to the other. */
export type Streams = {
  out: (text: string) => void;
  err: (text: string) => void;
  /** A person looks at the second one. */
  isTerminal: boolean;
};

/** Prints an outcome and returns the exit code. */
export function tellOutcome({ ending, result, lines }: Outcome, isJson: boolean, { out }: Streams): number {
  if (isJson) out(`${formatJson(ending, result)}\n`);
  else for (const line of lines) out(`${line}\n`);
  return exitCodes[ending];
}

/** Prints why a command stopped, without a stack, and returns the exit code. */
export function tellError(error: unknown, isJson: boolean, { out, err }: Streams): number {
  const refusal = refusalOf(error);
  const { ending, code, message, details } = refusal;
  if (isJson) out(`${formatJson(ending, { error: { code, message, ...details } })}\n`);
  err(`offcut: ${message}\n`);
  return exitCodes[ending];
}

/** Every error in the words of an ending. What nobody foresaw is a failure: nothing was shown to be right. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DomainError) return new Refusal("unsupported", error.code, error.message);
  const { code, path } = (error ?? {}) as { code?: string; path?: string };
  const file = path === undefined ? "" : ` ${path}`;
  if (code === "ENOENT") return new Refusal("usage", "no_such_file", `There is no file or folder${file}.`);
  if (code === "EACCES" || code === "EPERM")
    return new Refusal("usage", "not_permitted", `You may not read or write${file}.`);
  if (code === "EEXIST") return new Refusal("usage", "exists", `${path ?? "The file"} exists already.`);
  const message = error instanceof Error ? error.message : String(error);
  return new Refusal("failed", "unexpected", `Something went wrong that nobody foresaw: ${message}`);
}

const REWRITE_SECONDS = 0.2;
const LINE_SECONDS = 5;

/** Progress rewrites its line on a terminal and adds one now and then elsewhere. */
export function makeVoice(
  isJson: boolean,
  isQuiet: boolean,
  { out, err, isTerminal }: Streams,
): Voice & { done: () => void } {
  const pauseSeconds = isTerminal ? REWRITE_SECONDS : LINE_SECONDS;
  let last = performance.now();
  let isOpen = false;
  const done = () => {
    if (isOpen) err("\r\u001b[K");
    isOpen = false;
  };
  return {
    done,
    tell(outcome) {
      done();
      tellOutcome(outcome, isJson, { out, err, isTerminal });
    },
    progress(text) {
      const now = performance.now();
      if (isQuiet || now - last < pauseSeconds * 1000) return;
      last = now;
      isOpen = isTerminal;
      err(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
  };
}
