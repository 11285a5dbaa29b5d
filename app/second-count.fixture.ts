/**
 * The figures of an evaluation worked out a second time, from the written rules of `lib/measurement/README.md` alone and
 * with whole numbers wherever they are exact. It shares no code with `lib/measurement`: what both say is what is written.
 */

export type Fraction = readonly [over: bigint, under: bigint];
/** Rows, right ones among them, and how many clusters are so. */
export type Shape = readonly [rows: number, right: number, count: number];
export type Interval = { lower: number; upper: number; method: string };

const ALPHA = 0.025;
const DRAWS = 1_000;
const Z = 1.959963984540054;
const UNIFORM_BITS = 53n;

/** "0.95" as 95/100. */
export function fractionOf(decimal: string): Fraction {
  const [whole = "0", after = ""] = decimal.split(".");
  return [BigInt(whole + after), 10n ** BigInt(after.length)];
}

/** The nearest double of a quotient of whole numbers, however small. */
export function quotient(over: bigint, under: bigint): number {
  if (over === 0n) return 0;
  const bits = (value: bigint) => value.toString(16).length * 4;
  const shift = 64 - bits(over) + bits(under);
  const scaled = shift > 0 ? (over << BigInt(shift)) / under : over / (under << BigInt(-shift));
  return (Number(scaled) / 2 ** Math.ceil(shift / 2)) * 2 ** -Math.floor(shift / 2);
}

/** C(n, i) aⁱ bⁿ⁻ⁱ for i from 0 to n: the probabilities of so many right, times (a + b)ⁿ. */
function* binomialTerms(n: number, a: bigint, b: bigint): Generator<bigint> {
  if (b === 0n) {
    for (let i = 0; i <= n; i += 1) yield i === n ? a ** BigInt(n) : 0n;
    return;
  }
  let term = b ** BigInt(n);
  for (let i = 0; i <= n; i += 1) {
    yield term;
    term = (term * BigInt(n - i) * a) / (BigInt(i + 1) * b);
  }
}

/** P(X ≥ k) and P(X ≤ k) of n rows that are each right at this rate, exactly. */
export function exactTails(k: number, n: number, [a, under]: Fraction): { upper: number; lower: number } {
  let [upper, lower, i] = [0n, 0n, 0];
  for (const term of binomialTerms(n, a, under - a)) {
    if (i >= k) upper += term;
    if (i <= k) lower += term;
    i += 1;
  }
  const all = under ** BigInt(n);
  return { upper: quotient(upper, all), lower: quotient(lower, all) };
}

/** Adjusts p-values after S. Holm (1979), in the order given. */
export function holm(values: readonly number[]): number[] {
  const adjusted = values.map(() => 1);
  let least = 0;
  const ascending = values.map((p, place) => ({ p, place })).sort((x, y) => x.p - y.p);
  for (const [rank, { p, place }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, p * (values.length - rank)));
    adjusted[place] = least;
  }
  return adjusted;
}

export function wilson(k: number, n: number): { lower: number; upper: number } {
  if (n === 0) return { lower: 0, upper: 1 };
  const share = k / n;
  const under = 1 + Z ** 2 / n;
  const centre = (share + Z ** 2 / (2 * n)) / under;
  const half = (Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))) / under;
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

/** xoshiro128** 1.1 of D. Blackman and S. Vigna, giving whole numbers below 2⁵³. */
function* uniforms(words: readonly number[]): Generator<bigint> {
  const rotated = (value: number, by: number) => ((value << by) | (value >>> (32 - by))) >>> 0;
  let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = words;
  const next = () => {
    const result = Math.imul(rotated(Math.imul(s1, 5) >>> 0, 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotated(s3 >>> 0, 11);
    return result;
  };
  for (;;) {
    const first = next();
    yield (BigInt(first >>> 5) << 26n) | BigInt(next() >>> 6);
  }
}

function wordsOf(digest: string, from: number): number[] {
  return [0, 1, 2, 3].map((word) =>
    Number.parseInt(digest.slice((from + word) * 8, (from + word + 1) * 8), 16),
  );
}

/** How many of the cumulated weights a uniform lies at or above: the inverse of their distribution. */
function inverse(cumulated: readonly bigint[], uniform: bigint): number {
  const all = cumulated.at(-1) ?? 0n;
  let [low, high] = [0, cumulated.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (uniform * all < (cumulated[middle] ?? 0n) << UNIFORM_BITS) high = middle;
    else low = middle + 1;
  }
  return low;
}

function cumulate(terms: Iterable<bigint>): bigint[] {
  let sum = 0n;
  return Array.from(terms, (term) => (sum += term));
}

/** Terms of Poisson's distribution up to a common factor, to 300 bits after the point. */
function* poissonTerms(mean: number): Generator<bigint> {
  let term = 1n << BigInt(300 + Math.ceil(mean * 1.5));
  for (let i = 1; term > 0n; i += 1) {
    yield term;
    term = (term * BigInt(mean)) / BigInt(i);
  }
}

export function clusterCount(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, [, , count]) => sum + count, 0);
}

/** The two middle numbers right of 1,000 draws of one row from each cluster. */
export function middleDraws(shapes: readonly Shape[], digest: string): readonly [number, number] {
  const right = Array.from({ length: DRAWS }, () => 0);
  const source = uniforms(wordsOf(digest, 0));
  for (const [rows, k, count] of shapes) {
    const isSure = k === 0 || k === rows;
    const table = isSure ? [] : cumulate(binomialTerms(count, BigInt(k), BigInt(rows - k)));
    for (let draw = 0; draw < DRAWS; draw += 1)
      right[draw] =
        (right[draw] ?? 0) + (isSure ? (count * k) / rows : inverse(table, source.next().value as bigint));
  }
  right.sort((x, y) => x - y);
  return [right[DRAWS / 2 - 1] ?? 0, right[DRAWS / 2] ?? 0];
}

/** Twice the median over the draws of the exact test, or the exact test where no two rows share a cluster. */
export function tailsOf(set: Counted, digest: string, rate: Fraction): { upper: number; lower: number } {
  if (!set.shapes) return exactTails(set.k, set.n, rate);
  const clusters = clusterCount(set.shapes);
  const [one, other] = middleDraws(set.shapes, digest).map((k) => exactTails(k, clusters, rate));
  if (!one || !other) throw new TypeError("There are two middle draws.");
  return { upper: Math.min(1, one.upper + other.upper), lower: Math.min(1, one.lower + other.lower) };
}

export type Counted = { k: number; n: number; shapes: readonly Shape[] | null };

export function intervalOf({ k, n, shapes }: Counted, digest: string): Interval {
  if (!shapes) return { ...wilson(k, n), method: "wilson_95" };
  const [[rows0, right0] = [1, 0]] = shapes;
  if (shapes.every(([rows, right]) => right * rows0 === right0 * rows)) {
    const clusters = clusterCount(shapes);
    return { ...wilson((clusters * k) / n, clusters), method: "wilson_95_of_clusters" };
  }
  const source = uniforms(wordsOf(digest, 4));
  const drawn = Array.from({ length: DRAWS }, () => ({ rows: 0, right: 0 }));
  for (const [rows, right, count] of shapes) {
    const table = cumulate(poissonTerms(count));
    for (const sums of drawn) {
      const times = inverse(table, source.next().value as bigint);
      sums.rows += times * rows;
      sums.right += times * right;
    }
  }
  const shares = drawn.filter(({ rows }) => rows > 0).map(({ rows, right }) => right / rows);
  shares.sort((x, y) => x - y);
  const beyond = Math.floor(shares.length * ALPHA);
  const [lower = 0, upper = 1] = [shares[beyond], shares[shares.length - 1 - beyond]];
  return { lower: Math.min(lower, k / n), upper: Math.max(upper, k / n), method: "clustered_bootstrap_95" };
}

export type Judged = { verdict: string; pFilled: number; pFails: number; pBeatsBase: number };

/** What is said of slices that were examined together. */
export function judge(
  sets: readonly (Counted & { baseK: number; baseN: number })[],
  digest: string,
  level: string,
): Judged[] {
  const tails = sets.map((set) => tailsOf(set, digest, fractionOf(level)));
  const filled = holm(tails.map(({ upper }) => upper));
  const fails = holm(tails.map(({ lower }) => lower));
  const beats = holm(
    sets.map((set) =>
      set.baseN === 0 ? 1 : tailsOf(set, digest, [BigInt(set.baseK), BigInt(set.baseN)]).upper,
    ),
  );
  return sets.map((_, place) => {
    const [pFilled, pFails, pBeatsBase] = [filled[place] ?? 1, fails[place] ?? 1, beats[place] ?? 1];
    const verdict = pFilled <= ALPHA ? "filled" : pFails <= ALPHA ? "fails" : "not_enough_evidence";
    return { verdict, pFilled, pFails, pBeatsBase };
  });
}

const MOST_NEEDED = 10_000_000;

/**
 * Independent rows that would decide a slice at the rate seen, at the strictest step of Holm's adjustment, found by doubling
 * and halving; null where the rate is the level, or more than ten million would be needed.
 */
export function needed(set: Counted, digest: string, level: string, examined: number): number | null {
  const clusters = set.shapes && clusterCount(set.shapes);
  const n = clusters ?? set.n;
  const k = set.shapes ? middleDraws(set.shapes, digest)[0] : set.k;
  const alpha = ALPHA / examined / (set.shapes ? 2 : 1);
  const [over, under] = fractionOf(level);
  const [right, of] = n === 0 ? [1n, 1n] : [BigInt(k), BigInt(n)];
  const isAbove = right * under > over * of;
  if (right * under === over * of) return null;
  const decides = (rows: number) => {
    const [floor, rest] = [(right * BigInt(rows)) / of, (right * BigInt(rows)) % of];
    const seen = Number(isAbove || rest === 0n ? floor : floor + 1n);
    return roughTail(seen, rows, Number(over) / Number(under), isAbove) <= alpha;
  };
  let [low, high] = [n, Math.max(1, 2 * n)];
  for (; !decides(high); high *= 2) if ((low = high) > MOST_NEEDED) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return high > MOST_NEEDED ? null : high;
}

/** The same tail in doubles, from the mode of what is summed outwards until nothing is added. */
function roughTail(k: number, n: number, rate: number, isUpper: boolean): number {
  const odds = rate / (1 - rate);
  let term = Math.exp(logChoose(n, k) + k * Math.log(rate) + (n - k) * Math.log1p(-rate));
  let sum = 0;
  for (let i = k; i >= 0 && i <= n && term > sum * 1e-17; i += isUpper ? 1 : -1) {
    sum += term;
    term *= isUpper ? ((n - i) / (i + 1)) * odds : i / (n - i + 1) / odds;
  }
  return sum;
}

const logFactorials = [0];
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i += 1)
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  return logFactorials[n] ?? 0;
}
const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
