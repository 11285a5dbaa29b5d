import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DamagedObjectError,
  SEGMENT_BYTES,
  openSegments,
  plainSize,
  sealedRange,
  sealingStream,
} from "./sealed-segments";

const key = randomBytes(32);

async function seal(plain: Buffer): Promise<Buffer> {
  return buffer(Readable.from([plain], { objectMode: false }).pipe(sealingStream(key)));
}

async function open(sealed: Buffer, offset: number, length: number, withKey = key): Promise<Buffer> {
  const range = sealedRange(sealed.length, offset, length);
  const slice = sealed.subarray(range.sealedOffset, range.sealedOffset + range.sealedLength);
  return buffer(Readable.from(openSegments(withKey, Readable.from([slice]), range, offset, length)));
}

const sizes = [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES, 200_000];

test.each(sizes)("%i bytes come back as they went in and cannot be read in storage", async (size) => {
  const plain = randomBytes(size);
  const sealed = await seal(plain);
  expect(plainSize(sealed.length)).toBe(size);
  expect((await open(sealed, 0, size)).equals(plain)).toBe(true);
  if (size >= 16) expect(sealed.includes(plain.subarray(0, 16))).toBe(false);
});

test("any range gives exactly its bytes", async () => {
  const plain = randomBytes(3 * SEGMENT_BYTES + 77);
  const sealed = await seal(plain);
  await fc.assert(
    fc.asyncProperty(fc.nat(plain.length), fc.nat(plain.length), async (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      expect((await open(sealed, from, to - from)).equals(plain.subarray(from, to))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("a range outside the object is refused", async () => {
  const sealed = await seal(randomBytes(10));
  await expect(open(sealed, 5, 6)).rejects.toThrow(RangeError);
  await expect(open(sealed, -1, 2)).rejects.toThrow(RangeError);
});

test("another key opens nothing", async () => {
  const sealed = await seal(randomBytes(100));
  await expect(open(sealed, 0, 100, randomBytes(32))).rejects.toThrow(DamagedObjectError);
});

test("every changed byte is noticed", async () => {
  const sealed = await seal(randomBytes(300));
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(open(changed, 0, 300)).rejects.toThrow(DamagedObjectError);
  }
});

test("an object cut off anywhere is noticed, also between two segments", async () => {
  const sealed = await seal(randomBytes(3 * SEGMENT_BYTES));
  for (const left of [0, 15, 16, SEGMENT_BYTES + 16, 2 * (SEGMENT_BYTES + 16), sealed.length - 1]) {
    const cut = sealed.subarray(0, left);
    await expect((async () => open(cut, 0, plainSize(cut.length)))(), `cut to ${left} bytes`).rejects.toThrow(
      DamagedObjectError,
    );
  }
});

test("two segments that changed places are noticed", async () => {
  const sealed = await seal(randomBytes(3 * SEGMENT_BYTES));
  const step = SEGMENT_BYTES + 16;
  const swapped = Buffer.concat([
    sealed.subarray(step, 2 * step),
    sealed.subarray(0, step),
    sealed.subarray(2 * step),
  ]);
  await expect(open(swapped, 0, 100)).rejects.toThrow(DamagedObjectError);
});
