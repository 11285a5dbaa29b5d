import type { CostUnknown, CostUnknownReason } from "@/lib/catalogue/listed-standing";
import { outputTests } from "./condition";
import type { EvaluationSummary, SliceSummary } from "./evaluation";
import { wilsonInterval } from "./statistics";
import { type CostVolume, DEFAULT_VOLUME } from "./volume";

/** What a buyer pays the seller. Amounts in minor units of the installation's currency. */
export type CostPrice =
  { kind: "per_1000_calls"; minor: bigint } | { kind: "one_off"; minor: bigint } | { kind: "free" };

/** What running it costs: measured time at a rate, nothing beside the price, or not known. */
export type ComputeCost =
  | {
      kind: "measured";
      millisecondsPerThousandCalls: number;
      /** Configured rate in minor units for one hour of the machine that was measured. */
      rateMinorPerHour: bigint;
    }
  | { kind: "in_price" }
  | { kind: "unknown" };

/** Rows of an evaluation as far as they decide what an answer costs. */
export type PaidEnvelope = {
  /** Right answers and rows in the union of the reached slices, each row once. */
  covered: { k: number; n: number };
  /** All rows. */
  rows: number;
  /** Some reached slice is known only by the answer, so that every row has to be called. */
  paysOutside: boolean;
};

/** A count with its Wilson 95 % interval: a part of a cost and what it rests on. */
export type CostShare = { k: number; n: number; lower: number; upper: number };

/** The parts of a cost, in thousandths of a minor unit ("milli"), each rounded up so that none looks smaller than it is. */
export type KnownCost = {
  state: "known";
  pricePerThousandCallsMilli: bigint;
  /** Null where whoever is paid for the call runs it. */
  computePerThousandCallsMilli: bigint | null;
  totalPerThousandCallsMilli: bigint;
  /** At the upper bounds of both shares. */
  lowerMilli: bigint;
  /** At the lower bounds: the figure that is shown. */
  perThousandCorrectMilli: bigint;
  /** Right answers in the reached slices. */
  right: CostShare;
  /** Rows in the reached slices of all that have to be called; null where only those in them are called. */
  used: CostShare | null;
  /** Only for one-off prices. */
  volume: CostVolume | null;
};

export type Cost = KnownCost | CostUnknown;

/** The most that is stated: what a database column holds. Nothing dearer is told apart. */
const MAX_MILLI = 2n ** 63n - 1n;

/**
 * Cost per 1,000 correct answers: (price + compute per call) × calls that have to be paid ÷ right answers used, at the
 * Wilson lower bounds. `right` is the share of right answers inside the reached slices. Where one of these is known only
 * by the answer, every row is called and paid, and the total is divided by the share of rows in them too.
 *
 * A one-off price is spread over the volume. A cost of which a part is not known is not known. Throws a RangeError for
 * negative amounts, or a volume that is not a positive whole number of calls and months.
 */
export function costPerThousandCorrect(
  price: CostPrice,
  compute: ComputeCost,
  envelope: PaidEnvelope,
  volume: CostVolume = DEFAULT_VOLUME,
): Cost {
  const priceNano = pricePerThousandCallsNano(price, volume);
  const computeNano = computePerThousandCallsNano(compute);
  if (envelope.covered.k === 0) return unknownCost("nothing_reached");
  if (computeNano === null) return unknownCost("compute_not_measured");
  const right = shareOf(envelope.covered);
  const used = envelope.paysOutside ? shareOf({ k: envelope.covered.n, n: envelope.rows }) : null;
  const totalNano = priceNano + computeNano;
  return {
    state: "known",
    pricePerThousandCallsMilli: toMilli(priceNano),
    computePerThousandCallsMilli: compute.kind === "in_price" ? null : toMilli(computeNano),
    totalPerThousandCallsMilli: toMilli(totalNano),
    lowerMilli: dividedByShares(totalNano, right.upper, used?.upper ?? 1),
    perThousandCorrectMilli: dividedByShares(totalNano, right.lower, used?.lower ?? 1),
    right,
    used,
    volume: price.kind === "one_off" ? volume : null,
  };
}

/** The reached slices of an evaluation as a cost sees them; null where their union cannot be counted at this level. */
export function paidEnvelopeOf({ slices, coverage, overall }: EvaluationSummary): PaidEnvelope | null {
  const reached = slices.filter(({ verdict }) => verdict === "filled");
  if (reached.length === 0) return { covered: { k: 0, n: 0 }, rows: overall.n, paysOutside: false };
  if (!coverage) return null;
  const covered = { k: coverage.k, n: coverage.n };
  return { covered, rows: overall.n, paysOutside: reached.some(needsAnswer) };
}

/** Whether somebody has to ask the model before they know that a row is in the slice. */
function needsAnswer({ condition }: Pick<SliceSummary, "condition">): boolean {
  return outputTests(condition).length > 0;
}

export function unknownCost(reason: CostUnknownReason): CostUnknown {
  return { state: "unknown", reason };
}

const NANO = 1_000_000_000n;
const MILLISECONDS_PER_HOUR = 3_600_000n;

function pricePerThousandCallsNano(price: CostPrice, volume: CostVolume): bigint {
  if (price.kind === "free") return 0n;
  if (price.minor < 0n) throw new RangeError("A price cannot be negative.");
  if (price.kind === "per_1000_calls") return price.minor * NANO;
  const { callsPerMonth, months } = volume;
  if (![callsPerMonth, months].every((count) => Number.isSafeInteger(count) && count > 0)) {
    throw new RangeError("A volume is a positive whole number of calls and months.");
  }
  return ceilDivide(price.minor * NANO * 1_000n, BigInt(callsPerMonth) * BigInt(months));
}

function computePerThousandCallsNano(compute: ComputeCost): bigint | null {
  if (compute.kind === "unknown") return null;
  if (compute.kind === "in_price") return 0n;
  const { millisecondsPerThousandCalls, rateMinorPerHour } = compute;
  if (!(millisecondsPerThousandCalls >= 0 && millisecondsPerThousandCalls < 1e12) || rateMinorPerHour < 0n) {
    throw new RangeError("Compute time and rate cannot be negative.");
  }
  const microseconds = BigInt(Math.ceil(millisecondsPerThousandCalls * 1_000));
  return ceilDivide(microseconds * rateMinorPerHour * NANO, MILLISECONDS_PER_HOUR * 1_000n);
}

function shareOf({ k, n }: { k: number; n: number }): CostShare {
  return { k, n, ...wilsonInterval(k, n) };
}

/** Shares are taken to twelve digits, rounded down. */
function dividedByShares(nano: bigint, ...shares: readonly number[]): bigint {
  const scale = 1_000_000_000_000n;
  let amount = nano;
  let by = 1n;
  for (const share of shares) {
    amount *= scale;
    const scaled = BigInt(Math.floor(share * Number(scale)));
    by *= scaled === 0n ? 1n : scaled;
  }
  const milli = toMilli(ceilDivide(amount, by));
  return milli > MAX_MILLI ? MAX_MILLI : milli;
}

function toMilli(nano: bigint): bigint {
  return ceilDivide(nano, 1_000_000n);
}

function ceilDivide(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
