import { wilsonInterval } from "./statistics";

/** Volume over which one-off prices are spread unless the buyer names another. */
export const DEFAULT_VOLUME = { callsPerMonth: 100_000, months: 12 } as const;

export type CostVolume = { callsPerMonth: number; months: number };

/** What a buyer pays the seller. Amounts in minor units of the installation's currency. */
export type CostPrice =
  { kind: "per_1000_calls"; minor: bigint } | { kind: "one_off"; minor: bigint } | { kind: "free" };

/** What running it costs. Null when nothing was measured or somebody else runs it. */
export type ComputeCost = {
  millisecondsPerThousandCalls: number;
  /** Configured rate in minor units for one hour of the machine that was measured. */
  rateMinorPerHour: bigint;
};

/**
 * The parts of a cost, in thousandths of a minor unit ("milli"), each rounded up so that a cost never looks
 * smaller than it is. `perThousandCorrectMilli` is the headline: total ÷ the Wilson lower bound.
 */
export type CostPerThousandCorrect = {
  pricePerThousandCallsMilli: bigint;
  computePerThousandCallsMilli: bigint | null;
  totalPerThousandCallsMilli: bigint;
  /** At the upper bound of the share of correct answers. */
  lowerMilli: bigint;
  /** At the observed share. */
  pointMilli: bigint;
  /** At the lower bound; equals the headline. */
  upperMilli: bigint;
  perThousandCorrectMilli: bigint;
  /** The share of correct answers it was divided by, and what it rests on. */
  correct: { k: number; n: number; lower: number; upper: number };
  /** Only for one-off prices. */
  volume: CostVolume | null;
};

/**
 * Cost per 1,000 correct answers inside the envelope: (price + compute per 1,000 calls) ÷ the Wilson lower
 * bound of `k` of `n`, the rows in the union of the filled slices.
 *
 * One-off prices are spread over the volume. Null when there are no correct rows: then no cost can be stated.
 * Throws a RangeError for negative amounts, or a volume that is not a positive whole number of calls.
 */
export function costPerThousandCorrect(
  price: CostPrice,
  compute: ComputeCost | null,
  correct: { k: number; n: number },
  volume: CostVolume = DEFAULT_VOLUME,
): CostPerThousandCorrect | null {
  const { k, n } = correct;
  const { lower, upper } = wilsonInterval(k, n);
  if (k === 0) return null;
  const priceNano = pricePerThousandCallsNano(price, volume);
  const computeNano = compute ? computePerThousandCallsNano(compute) : 0n;
  const totalNano = priceNano + computeNano;
  const upperMilli = dividedByShare(totalNano, lower);
  return {
    pricePerThousandCallsMilli: toMilli(priceNano),
    computePerThousandCallsMilli: compute ? toMilli(computeNano) : null,
    totalPerThousandCallsMilli: toMilli(totalNano),
    lowerMilli: dividedByShare(totalNano, upper),
    pointMilli: dividedByShare(totalNano, k / n),
    upperMilli,
    perThousandCorrectMilli: upperMilli,
    correct: { k, n, lower, upper },
    volume: price.kind === "one_off" ? volume : null,
  };
}

/** Whole minor units, rounded up, of an amount in thousandths of a minor unit. */
export function milliToMinorRoundedUp(milli: bigint): bigint {
  return ceilDivide(milli, 1_000n);
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

function computePerThousandCallsNano({
  millisecondsPerThousandCalls,
  rateMinorPerHour,
}: ComputeCost): bigint {
  if (!(millisecondsPerThousandCalls >= 0 && millisecondsPerThousandCalls < 1e12) || rateMinorPerHour < 0n) {
    throw new RangeError("Compute time and rate cannot be negative.");
  }
  const microseconds = BigInt(Math.ceil(millisecondsPerThousandCalls * 1_000));
  return ceilDivide(microseconds * rateMinorPerHour * NANO, MILLISECONDS_PER_HOUR * 1_000n);
}

/** Shares are taken to twelve digits, rounded down. */
function dividedByShare(nano: bigint, share: number): bigint {
  const scale = 1_000_000_000_000n;
  const scaled = BigInt(Math.floor(share * Number(scale)));
  return toMilli(ceilDivide(nano * scale, scaled === 0n ? 1n : scaled));
}

function toMilli(nano: bigint): bigint {
  return ceilDivide(nano, 1_000_000n);
}

function ceilDivide(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
