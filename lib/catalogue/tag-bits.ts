/** Listings in one block of bits; a bit string of this length is one row of `TagBits`. */
export const BLOCK_LISTINGS = 32_768;

export type IndexedListing = { searchId: number; tags: readonly number[] };

export type BlockBits = {
  block: number;
  /** Every listing given that lies in the block, as hexadecimal of 32,768 bits. */
  listed: string;
  /** Tag → the listings that carry it. */
  tags: Map<number, string>;
};

/** The bits of some listings, block by block: bit `searchId % 32768`, counted from the left, of block `searchId / 32768`. */
export function bitsOf(listings: readonly IndexedListing[]): BlockBits[] {
  const blocks = new Map<number, { listed: Uint8Array; tags: Map<number, Uint8Array> }>();
  for (const { searchId, tags } of listings) {
    const number = Math.floor(searchId / BLOCK_LISTINGS);
    const block = blocks.get(number) ?? { listed: emptyBits(), tags: new Map<number, Uint8Array>() };
    blocks.set(number, block);
    setBit(block.listed, searchId % BLOCK_LISTINGS);
    for (const tag of tags) {
      const bits = block.tags.get(tag) ?? emptyBits();
      block.tags.set(tag, bits);
      setBit(bits, searchId % BLOCK_LISTINGS);
    }
  }
  return [...blocks]
    .sort(([a], [b]) => a - b)
    .map(([block, { listed, tags }]) => ({
      block,
      listed: hexOf(listed),
      tags: new Map([...tags].map(([tag, bits]) => [tag, hexOf(bits)])),
    }));
}

function emptyBits(): Uint8Array {
  return new Uint8Array(BLOCK_LISTINGS / 8);
}

function setBit(bits: Uint8Array, position: number): void {
  bits[position >> 3] = (bits[position >> 3] ?? 0) | (0x80 >> (position & 7));
}

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
