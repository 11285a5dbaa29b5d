/**
 * Amounts fall into bands with edges 0, 1, 2, 5, 10, 20, 50 … A band is a search tag, so that "at most x" can be
 * counted like every other filter: the bands wholly below x by their tags, the one band that x cuts by its rows.
 */
const EDGES: readonly bigint[] = [0n, ...series(16)];

function series(decades: number): bigint[] {
  const edges: bigint[] = [];
  for (let power = 0; power < decades; power++)
    for (const step of [1n, 2n, 5n]) edges.push(step * 10n ** BigInt(power));
  return edges;
}

/** The number of the band an amount belongs to: amounts up to and including the edge of that number. */
export function bandOf(amount: bigint): number {
  let low = 0;
  let high = EDGES.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((EDGES[middle] ?? 0n) >= amount) high = middle;
    else low = middle + 1;
  }
  return low;
}

export type BandCut = {
  /** Bands whose every amount is at most the limit. */
  below: number[];
  /** Amounts above this and at most the limit lie in the band that the limit cuts; null when it cuts none. */
  edge: bigint | null;
};

/** How "at most `limit`" cuts the bands. */
export function cutBands(limit: bigint): BandCut {
  const band = bandOf(limit);
  const isEdge = EDGES[band] === limit;
  const whole = isEdge ? band + 1 : band;
  return {
    below: Array.from({ length: whole }, (_, index) => index),
    edge: isEdge ? null : (EDGES[band - 1] ?? 0n),
  };
}
