/** Half of the last of six digits that a statement gives. */
const STATED_DIGITS = 0.5000001e-6;
const DOUBLE = 1e-9;

/** Counts what was compared, and keeps what differs. */
export class Comparison {
  readonly compared = new Map<string, number>();
  readonly differences: string[] = [];

  same(kind: string, where: string, mine: unknown, shown: unknown): void {
    this.compared.set(kind, (this.compared.get(kind) ?? 0) + 1);
    if (!areSame(mine, shown))
      this.differences.push(
        `${kind}, ${where}: ${JSON.stringify(mine)} here, ${JSON.stringify(shown)} there`,
      );
  }
}

function areSame(mine: unknown, shown: unknown): boolean {
  if (typeof mine !== "number") return JSON.stringify(mine ?? null) === JSON.stringify(shown ?? null);
  if (typeof shown === "string") return shown !== "" && Math.abs(mine - Number(shown)) <= STATED_DIGITS;
  return typeof shown === "number" && Math.abs(mine - shown) <= DOUBLE * Math.max(Math.abs(mine), 1e-6);
}
