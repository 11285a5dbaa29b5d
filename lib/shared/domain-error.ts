import type { SharedRefusal } from "./refusals";

/** The codes of refusals by the domain that gives them their meaning; each adds its own in `refusals.ts`. */
export interface RefusalCodes {
  shared: SharedRefusal;
}

/** Every code of a refusal: a misspelt one does not compile. */
export type RefusalCode = RefusalCodes[keyof RefusalCodes];

/** A refusal that belongs to the rules, not a bug: shown to the person who asked, never logged as a failure. */
export class DomainError extends Error {
  readonly code: RefusalCode;
  /** Field name → what is wrong with it, when a single field is to blame. */
  readonly fields: Record<string, string>;

  constructor(code: RefusalCode, message: string, fields: Record<string, string> = {}) {
    super(message);
    this.name = "DomainError";
    this.code = code;
    this.fields = fields;
  }
}

/** Throws DomainError(code, message) unless the condition holds. */
export function refuseUnless(condition: unknown, code: RefusalCode, message: string): asserts condition {
  if (!condition) throw new DomainError(code, message);
}

/** The answer for anything a person may not see: it does not exist for them. */
export function notFoundError(what: string): DomainError {
  return new DomainError("not_found", `This ${what} does not exist.`);
}
