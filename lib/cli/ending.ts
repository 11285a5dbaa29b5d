/** How a command ended. Each number means one thing, so that scripts can tell them apart. */
export const exitCodes = {
  verified: 0,
  failed: 1,
  usage: 2,
  unsupported: 3,
  unreachable: 4,
  untrusted_key: 5,
  inconsistent_log: 6,
} as const;

export type Ending = keyof typeof exitCodes;

/** The worst of several, in the order in which they matter: a log caught lying stands above everything. */
const SEVERITY: readonly Ending[] = [
  "verified",
  "unreachable",
  "unsupported",
  "untrusted_key",
  "usage",
  "failed",
  "inconsistent_log",
];

export function worstOf(endings: readonly Ending[]): Ending {
  return endings.reduce<Ending>(
    (worst, ending) => (SEVERITY.indexOf(ending) > SEVERITY.indexOf(worst) ? ending : worst),
    "verified",
  );
}

/** A command stops here, with the reason in words and in a code. */
export class Refusal extends Error {
  constructor(
    readonly ending: Exclude<Ending, "verified">,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

export function usage(message: string): Refusal {
  return new Refusal("usage", "usage", message);
}
