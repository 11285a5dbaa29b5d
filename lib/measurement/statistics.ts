/** Two-sided 95 % quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/** One-sided error allowed for each verdict, after Holm's adjustment. */
export const VERDICT_ALPHA = 0.025;

/** Beyond this many rows "how many would be needed" is no longer useful advice. */
export const MAX_NEEDED_ROWS = 10_000_000;

export type Interval = { lower: number; upper: number };

/**
 * Wilson score interval of `correct` out of `total` (E. B. Wilson, JASA 22, 1927; 95 % by default).
 *
 * With no rows nothing is known, so the interval is [0, 1]. The bounds always lie in [0, 1] and contain
 * the observed share. Throws a RangeError unless 0 ≤ correct ≤ total are safe integers.
 */
export function wilsonInterval(correct: number, total: number, z: number = Z_95): Interval {
  assertCounts(correct, total);
  return total === 0 ? { lower: 0, upper: 1 } : wilsonOfShare(correct / total, total, z);
}

/** The same of a share of as many independent rows, which need not come to a whole number of them. */
export function wilsonOfShare(share: number, total: number, z: number = Z_95): Interval {
  const z2 = z * z;
  const denominator = 1 + z2 / total;
  const centre = share + z2 / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return {
    lower: share === 0 ? 0 : Math.min(share, Math.max(0, (centre - half) / denominator)),
    upper: share === 1 ? 1 : Math.max(share, Math.min(1, (centre + half) / denominator)),
  };
}

/**
 * P(X ≥ successes) for X ~ Binomial(trials, rate): the p-value against "the true rate is at most `rate`".
 *
 * The point probability is Loader's saddle-point form, the tail a ratio series summed away from the mean, so
 * small tails keep their relative precision (about 1e-12 at a million trials).
 */
export function binomialUpperTail(successes: number, trials: number, rate: number): number {
  assertTail(successes, trials, rate);
  if (successes <= 0) return 1;
  if (successes > trials || rate === 0) return 0;
  if (rate === 1) return 1;
  if (successes > trials * rate) return Math.min(1, sumUpwards(successes, trials, rate));
  return Math.max(0, 1 - sumDownwards(successes - 1, trials, rate));
}

/**
 * P(X ≤ successes) for X ~ Binomial(trials, rate): the p-value against "the true rate is at least `rate`".
 * Same method and precision as {@link binomialUpperTail}.
 */
export function binomialLowerTail(successes: number, trials: number, rate: number): number {
  assertTail(successes, trials, rate);
  if (successes < 0) return 0;
  if (successes >= trials || rate === 0) return 1;
  if (rate === 1) return 0;
  if (successes < trials * rate) return Math.min(1, sumDownwards(successes, trials, rate));
  return Math.max(0, 1 - sumUpwards(successes + 1, trials, rate));
}

/**
 * P(X = successes) for X ~ Binomial(trials, rate), by the saddle-point expansion of
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function binomialPoint(successes: number, trials: number, rate: number): number {
  assertTail(successes, trials, rate);
  if (successes < 0 || successes > trials) return 0;
  if (rate === 0) return successes === 0 ? 1 : 0;
  if (rate === 1) return successes === trials ? 1 : 0;
  if (successes === 0) return Math.exp(trials * Math.log1p(-rate));
  if (successes === trials) return Math.exp(trials * Math.log(rate));
  const failures = trials - successes;
  const exponent =
    stirlingError(trials) -
    stirlingError(successes) -
    stirlingError(failures) -
    deviance(successes, trials * rate) -
    deviance(failures, trials * (1 - rate));
  return Math.exp(exponent) * Math.sqrt(trials / (2 * Math.PI * successes * failures));
}

/** Point probabilities within this share of the observed one count as equal to it, as in R. */
const SAME_PROBABILITY = 1e-7;

/**
 * Fisher's exact test of two samples, two-sided (R. A. Fisher, J. R. Statist. Soc. 98, 1935): the chance of a table with
 * the same margins that is at most as probable as this one, if both had one rate. 1 where a sample is empty.
 *
 * Hypergeometric points are Loader's binomial points, P(k₁)·P(k₂) ÷ P(k₁ + k₂); the cost grows with the smaller margin.
 */
export function fisherTwoSided(one: { k: number; n: number }, other: { k: number; n: number }): number {
  assertCounts(one.k, one.n);
  assertCounts(other.k, other.n);
  const right = one.k + other.k;
  const total = one.n + other.n;
  if (right === 0 || right === total) return 1;
  const rate = right / total;
  const pointOf = (k: number) => binomialPoint(k, one.n, rate) * binomialPoint(right - k, other.n, rate);
  const most = pointOf(one.k) * (1 + SAME_PROBABILITY);
  let asRare = 0;
  let all = 0;
  for (let k = Math.max(0, right - other.n); k <= Math.min(one.n, right); k++) {
    const point = pointOf(k);
    all += point;
    if (point <= most) asRare += point;
  }
  return Math.min(1, asRare / all);
}

/**
 * Holm's step-down adjustment (S. Holm, Scand. J. Statist. 6, 1979), in the order given. An adjusted value at
 * or below α may be called significant while the chance of any false call in the family stays at most α.
 */
export function holmAdjust(pValues: readonly number[]): number[] {
  const order = pValues.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  order.forEach(({ value, index }, rank) => {
    highest = Math.max(highest, Math.min(1, value * (pValues.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}

/** Upper 95 % bound of a failure rate when none was seen in `total` rows (Hanley & Lippman-Hand, JAMA 249, 1983). */
export function ruleOfThree(total: number): number {
  assertCounts(0, total);
  return total === 0 ? 1 : Math.min(1, 3 / total);
}

/**
 * How many rows would decide a slice at `level`, if the rate seen so far went on.
 *
 * With no rows seen, the count assumes flawless answers. The result is larger than `total`, its exact one-sided
 * p-value is at most `alpha`, and with one row fewer it is not. Null when the rate seen equals the level, or
 * when more than {@link MAX_NEEDED_ROWS} would be needed.
 */
export function neededRows(
  correct: number,
  total: number,
  level: number,
  alpha: number = VERDICT_ALPHA,
): number | null {
  assertCounts(correct, total);
  if (!(level > 0 && level < 1)) throw new RangeError("A level lies strictly between 0 and 1.");
  const flawless = total === 0;
  const share = flawless ? 1 : correct / total;
  if (share === level) return null;
  const decides = (rows: number): boolean => {
    const exact = flawless ? rows : (correct * rows) / total;
    return share > level
      ? binomialUpperTail(Math.floor(exact), rows, level) <= alpha
      : binomialLowerTail(Math.ceil(exact), rows, level) <= alpha;
  };
  return firstBetween(total, decides);
}

function firstBetween(known: number, holds: (rows: number) => boolean): number | null {
  let low = known;
  let high = Math.max(1, known * 2);
  while (!holds(high)) {
    low = high;
    high *= 2;
    if (low > MAX_NEEDED_ROWS) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high > MAX_NEEDED_ROWS ? null : high;
}

function sumUpwards(from: number, trials: number, rate: number): number {
  const odds = rate / (1 - rate);
  let term = 1;
  let sum = 1;
  for (let i = from; i < trials && term > sum * 1e-18; i++) {
    term *= ((trials - i) / (i + 1)) * odds;
    sum += term;
  }
  return binomialPoint(from, trials, rate) * sum;
}

function sumDownwards(from: number, trials: number, rate: number): number {
  const odds = rate / (1 - rate);
  let term = 1;
  let sum = 1;
  for (let i = from; i > 0 && term > sum * 1e-18; i--) {
    term *= i / (trials - i + 1) / odds;
    sum += term;
  }
  return binomialPoint(from, trials, rate) * sum;
}

/** ln(n!) less Stirling's approximation of it. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1;
    for (let i = 2; i <= n; i++) factorial *= i;
    return Math.log(factorial) - (0.5 * Math.log(2 * Math.PI * n) + n * Math.log(n) - n);
  }
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / n2) / n2) / n2) / n2) / n;
}

/** x·ln(x/m) + m − x without cancellation when x is close to m. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

function assertCounts(correct: number, total: number): void {
  if (!Number.isSafeInteger(correct) || !Number.isSafeInteger(total) || correct < 0 || correct > total) {
    throw new RangeError(`Not a count of correct rows: ${correct} of ${total}.`);
  }
}

function assertTail(successes: number, trials: number, rate: number): void {
  if (!Number.isSafeInteger(successes) || !Number.isSafeInteger(trials) || trials < 0) {
    throw new RangeError(`Not binomial counts: ${successes} of ${trials}.`);
  }
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`Not a rate: ${rate}.`);
}
