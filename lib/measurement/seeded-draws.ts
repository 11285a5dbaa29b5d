/** 53-bit uniforms in [0, 1) whose sequence is fixed by their seed. */
export type Uniforms = () => number;

/**
 * xoshiro128** 1.1 by D. Blackman and S. Vigna (public domain, https://prng.di.unimi.it/xoshiro128starstar.c): whole
 * 32-bit steps alone, so every machine draws the same. Its state is four words of the digest, big-endian, from
 * `fromWord` on; a state of zeros, which the generator cannot leave, becomes 0, 0, 0, 1. A uniform is the top 27 bits of
 * one output and the top 26 of the next. Throws a RangeError for what is no SHA-256 in hex.
 */
export function uniformsFrom(digestHex: string, fromWord: 0 | 4): Uniforms {
  if (!/^[0-9a-f]{64}$/.test(digestHex)) throw new RangeError("Draws are seeded by a SHA-256 in hex.");
  const word = (place: number) => Number.parseInt(digestHex.slice(place * 8, place * 8 + 8), 16) | 0;
  const state = Int32Array.from([0, 1, 2, 3], (place) => word(fromWord + place));
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  if ((a | b | c | d) === 0) d = 1;
  const next = (): number => {
    const mixed = Math.imul(b, 5);
    const result = Math.imul((mixed << 7) | (mixed >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** Draws whole numbers of one distribution by its inverse: one uniform each. */
export type Inverse = (uniform: number) => number;

/** Right answers of `trials` independent rows, each right with `right` in `of`. */
export function binomialInverse(trials: number, right: number, of: number): Inverse {
  const odds = right / (of - right);
  const mode = Math.min(trials, Math.floor(((trials + 1) * right) / of));
  return inverseOf(mode, trials, (at) => ((trials - at) / (at + 1)) * odds);
}

/** Poisson with a whole mean. */
export function poissonInverse(mean: number): Inverse {
  return inverseOf(mean, Number.MAX_SAFE_INTEGER, (at) => mean / (at + 1));
}

/** Weights this far below the mode's are left out. */
const NEGLIGIBLE = 1e-17;

/**
 * Weights from the mode outwards by their ratio, summed from below. Only sums, products and quotients, which every
 * machine rounds alike, so that the same uniform gives the same number everywhere.
 */
function inverseOf(mode: number, last: number, ratioUp: (at: number) => number): Inverse {
  const above = [1];
  for (let at = mode; at < last; at += 1) {
    const weight = (above[at - mode] ?? 0) * ratioUp(at);
    if (weight < NEGLIGIBLE) break;
    above.push(weight);
  }
  const below: number[] = [];
  for (let at = mode, weight = 1; at > 0; at -= 1) {
    weight /= ratioUp(at - 1);
    if (weight < NEGLIGIBLE) break;
    below.push(weight);
  }
  const first = mode - below.length;
  const sums = new Float64Array(below.length + above.length);
  let sum = 0;
  [...below.reverse(), ...above].forEach((weight, place) => {
    sum += weight;
    sums[place] = sum;
  });
  return (uniform) => {
    const wanted = uniform * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return first + low;
  };
}
