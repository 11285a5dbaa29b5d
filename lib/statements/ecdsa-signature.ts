/** WebCrypto speaks raw r‖s (IEEE P1363), Sigstore and OpenSSF Model Signing speak DER: this goes both ways. */

type Bytes = Uint8Array<ArrayBuffer>;

const SCALAR_BYTES = 32;

/** A 64-byte raw P-256 signature as DER. Throws a RangeError for any other length. */
export function p1363ToDer(raw: Uint8Array): Bytes {
  if (raw.length !== 2 * SCALAR_BYTES)
    throw new RangeError(`A raw P-256 signature has 64 bytes, not ${raw.length}.`);
  const body = [...derInteger(raw.subarray(0, SCALAR_BYTES)), ...derInteger(raw.subarray(SCALAR_BYTES))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

/**
 * A DER P-256 signature as 64 raw bytes; null unless it is the one strict DER encoding of two positive integers
 * of at most 32 bytes, with nothing after them.
 */
export function derToP1363(der: Uint8Array): Bytes | null {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const raw = new Uint8Array(2 * SCALAR_BYTES);
  const afterR = readInteger(der, 2, raw.subarray(0, SCALAR_BYTES));
  if (afterR === null) return null;
  const end = readInteger(der, afterR, raw.subarray(SCALAR_BYTES));
  return end === der.length ? raw : null;
}

function derInteger(scalar: Uint8Array): number[] {
  let start = 0;
  while (start < scalar.length - 1 && scalar[start] === 0) start += 1;
  const digits = [...scalar.subarray(start)];
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
  return [0x02, digits.length, ...digits];
}

function readInteger(der: Uint8Array, offset: number, into: Uint8Array): number | null {
  const length = der[offset + 1];
  if (der[offset] !== 0x02 || length === undefined || length === 0) return null;
  const start = offset + 2;
  const end = start + length;
  if (end > der.length) return null;
  const first = der[start] ?? 0;
  const second = der[start + 1] ?? 0;
  if (first >= 0x80) return null;
  const isPadded = first === 0 && length > 1;
  if (isPadded && second < 0x80) return null;
  const digits = der.subarray(isPadded ? start + 1 : start, end);
  if (digits.length > into.length) return null;
  into.set(digits, into.length - digits.length);
  return end;
}
