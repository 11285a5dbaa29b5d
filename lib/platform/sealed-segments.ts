import { createCipheriv, createDecipheriv } from "node:crypto";
import { Transform } from "node:stream";

/** Plain bytes in every segment but the last. */
export const SEGMENT_BYTES = 65_536;
const TAG_BYTES = 16;
const SEALED_SEGMENT_BYTES = SEGMENT_BYTES + TAG_BYTES;

/** What is stored is not what was written: changed, cut short, or sealed with another key. */
export class DamagedObjectError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DamagedObjectError";
  }
}

/**
 * The STREAM construction over AES-256-GCM: a file is cut into segments of 64 KiB, each sealed under the file's own
 * key with its number and "this is the last" as nonce. So any range can be read and verified alone, and a segment
 * that was changed, moved, dropped or cut off at the end does not open. A key seals one file only.
 */
export function sealSegment(key: Buffer, index: number, isLast: boolean, plain: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index, isLast));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes of one segment; throws DamagedObjectError unless it is exactly what was sealed there. */
export function openSegment(key: Buffer, index: number, isLast: boolean, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new DamagedObjectError("A stored segment is cut short.");
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index, isLast));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw new DamagedObjectError(`Segment ${index} of a stored object does not open with its key.`);
  }
}

/** Seals whatever is written to it, segment by segment, in constant memory. */
export function sealingStream(key: Buffer): Transform {
  let index = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      // One byte more than a segment must be there before it is known not to be the last.
      if (waitingBytes > SEGMENT_BYTES) {
        let bytes = Buffer.concat(waiting);
        while (bytes.length > SEGMENT_BYTES) {
          this.push(sealSegment(key, index++, false, bytes.subarray(0, SEGMENT_BYTES)));
          bytes = bytes.subarray(SEGMENT_BYTES);
        }
        waiting = [bytes];
        waitingBytes = bytes.length;
      }
      done();
    },
    flush(done) {
      this.push(sealSegment(key, index, true, Buffer.concat(waiting)));
      done();
    },
  });
}

export type SealedRange = {
  firstSegment: number;
  lastSegment: number;
  /** Number of the object's last segment, whether inside the range or not. */
  finalSegment: number;
  sealedOffset: number;
  sealedLength: number;
};

/** Plain bytes of an object whose sealed form has `sealedBytes`; throws when no object has that size. */
export function plainSize(sealedBytes: number): number {
  const segments = Math.ceil(sealedBytes / SEALED_SEGMENT_BYTES);
  const plain = sealedBytes - segments * TAG_BYTES;
  const tail = sealedBytes - (segments - 1) * SEALED_SEGMENT_BYTES;
  if (segments < 1 || tail < TAG_BYTES || (segments > 1 && tail === TAG_BYTES)) {
    throw new DamagedObjectError("A stored object has an impossible size.");
  }
  return plain;
}

/** Where the segments lie that hold `length` plain bytes from `offset`; the range must lie inside the object. */
export function sealedRange(sealedBytes: number, offset: number, length: number): SealedRange {
  const plain = plainSize(sealedBytes);
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new RangeError("A range has a whole, non-negative offset and length.");
  }
  if (offset + length > plain) throw new RangeError("The range ends after the object.");
  const finalSegment = Math.ceil(sealedBytes / SEALED_SEGMENT_BYTES) - 1;
  const firstSegment = Math.min(Math.floor(offset / SEGMENT_BYTES), finalSegment);
  const lastSegment =
    length === 0 ? firstSegment : Math.min(Math.floor((offset + length - 1) / SEGMENT_BYTES), finalSegment);
  const sealedOffset = firstSegment * SEALED_SEGMENT_BYTES;
  const sealedEnd = Math.min((lastSegment + 1) * SEALED_SEGMENT_BYTES, sealedBytes);
  return { firstSegment, lastSegment, finalSegment, sealedOffset, sealedLength: sealedEnd - sealedOffset };
}

/** Opens the sealed segments of a range in order and yields just the plain bytes asked for. */
export async function* openSegments(
  key: Buffer,
  sealed: AsyncIterable<Buffer>,
  range: SealedRange,
  offset: number,
  length: number,
): AsyncGenerator<Buffer> {
  let index = range.firstSegment;
  let left = length;
  let skip = offset - range.firstSegment * SEGMENT_BYTES;
  for await (const segment of segmentsOf(sealed)) {
    const plain = openSegment(key, index, index === range.finalSegment, segment);
    index++;
    const wanted = plain.subarray(skip, skip + left);
    skip = 0;
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
  }
  if (left > 0 || index !== range.lastSegment + 1) {
    throw new DamagedObjectError("A stored object ends too early.");
  }
}

async function* segmentsOf(sealed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of sealed) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes < SEALED_SEGMENT_BYTES) continue;
    let whole = Buffer.concat(parts);
    while (whole.length >= SEALED_SEGMENT_BYTES) {
      yield whole.subarray(0, SEALED_SEGMENT_BYTES);
      whole = whole.subarray(SEALED_SEGMENT_BYTES);
    }
    parts = [whole];
    bytes = whole.length;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
