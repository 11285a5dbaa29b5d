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

/** Raw r‖s of a strict DER ECDSA signature with scalars of at most `scalarBytes`; null for anything else. */
export function derToRaw(der: Uint8Array, scalarBytes: number = SCALAR_BYTES): Bytes | null {
  const isLong = der[1] === 0x81;
  const start = isLong ? 3 : 2;
  const length = isLong ? der[2] : der[1];
  if (der[0] !== 0x30 || length === undefined || length !== der.length - start) return null;
  // The long form is only for lengths the short form cannot say.
  if (length >= 0x80 !== isLong) return null;
  const raw = new Uint8Array(2 * scalarBytes);
  const afterR = readScalar(der, start, raw.subarray(0, scalarBytes));
  if (afterR === null) return null;
  return readScalar(der, afterR, raw.subarray(scalarBytes)) === der.length ? raw : null;
}

function derInteger(scalar: Uint8Array): number[] {
  let start = 0;
  while (start < scalar.length - 1 && scalar[start] === 0) start += 1;
  const digits = [...scalar.subarray(start)];
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
  return [0x02, digits.length, ...digits];
}

function readScalar(der: Uint8Array, at: number, into: Uint8Array): number | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || length >= 0x80 || end > der.length) return null;
  const digits = der.subarray(at + 2, end);
  const first = digits[0] ?? 0;
  const isPadded = first === 0 && length > 1;
  if (first >= 0x80 || (isPadded && (digits[1] ?? 0) < 0x80)) return null;
  const value = isPadded ? digits.subarray(1) : digits;
  if (value.length > into.length) return null;
  into.set(value, into.length - value.length);
  return end;
}
