import type { TreeNode } from "./merkle-tree";

/** Paths of C2SP tlog-tiles: a tile is 256 hashes wide and stands for eight levels of the tree. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
/** Level 7 would begin at 2^56 leaves, and 2^63 is the largest size. */
export const MAX_TILE_LEVEL = 7;

export type Tile = { level: number; index: bigint; /** hashes it holds, 1 to 256 */ width: number };
/** 256 entries of the log, or fewer at its end. */
export type EntryBundle = { index: bigint; width: number };

export type LogPath = ({ kind: "hashes" } & Tile) | ({ kind: "entries" } & EntryBundle);

/** `tile/<L>/<N>[.p/<W>]`, below the log's prefix. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${numberPath(index)}${widthPath(width)}`;
}

/** `tile/entries/<N>[.p/<W>]`, below the log's prefix. */
export function entryBundlePath({ index, width }: EntryBundle): string {
  return `tile/entries/${numberPath(index)}${widthPath(width)}`;
}

/** Reads a path below the log's prefix; null for anything that is not the one spelling of a tile or entry bundle. */
export function readLogPath(path: string): LogPath | null {
  const match = /^tile\/(entries|[0-7])\/((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(
    path,
  );
  if (!match) return null;
  const [, place = "", number = "", partial] = match;
  const index = BigInt(number.replaceAll("/", "").replaceAll("x", ""));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (numberPath(index) !== number || (partial !== undefined && width >= TILE_WIDTH)) return null;
  return place === "entries"
    ? { kind: "entries", index, width }
    : { kind: "hashes", level: Number(place), index, width };
}

/** How many hashes a tile of that place holds in a tree of `size` leaves: 0 (it does not exist) to 256. */
export function tileWidth(level: number, index: bigint, size: bigint): number {
  const hashes = (size >> BigInt(TILE_HEIGHT * level)) - BigInt(TILE_WIDTH) * index;
  return hashes <= 0n ? 0 : hashes >= TILE_WIDTH ? TILE_WIDTH : Number(hashes);
}

/** Every tile of a tree with `size` leaves, lowest level first. Its number grows with size ÷ 255. */
export function* tilesOfTree(size: bigint): Generator<Tile> {
  for (let level = 0; level <= MAX_TILE_LEVEL; level++) {
    for (let index = 0n; ; index++) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      yield { level, index, width };
      if (width < TILE_WIDTH) break;
    }
  }
}

/** The tile that a node is computed from, and which of its hashes lie below the node. */
export function tileOfNode({ level, index }: TreeNode): {
  level: number;
  index: bigint;
  begin: number;
  end: number;
} {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const spread = BigInt(level % TILE_HEIGHT);
  const first = index << spread;
  const begin = Number(first % BigInt(TILE_WIDTH));
  return { level: tileLevel, index: first / BigInt(TILE_WIDTH), begin, end: begin + 2 ** Number(spread) };
}

function numberPath(index: bigint): string {
  const digits = index.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
}

function widthPath(width: number): string {
  return width === TILE_WIDTH ? "" : `.p/${width}`;
}
