/** A file that is read in pieces, so that gigabytes are never held in memory. */
export type ArtifactReader = {
  sizeBytes: number;
  /** Exactly `length` bytes from `offset`, fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
};

export type RefusalCode =
  | "empty"
  | "truncated"
  | "malformed"
  | "too_large"
  | "unsupported_version"
  | "unsupported_type"
  | "size_mismatch"
  | "external_data"
  | "runs_code"
  | "archive"
  | "name_misleads"
  | "not_listed";

/** What a file is. Those of `keptFormats` are kept; every other is refused. */
export type ArtifactFormat = KeptFormat | "pickle" | "keras" | "archive" | "markup" | "program" | "other";

export const keptFormats = [
  "onnx",
  "safetensors",
  "gguf",
  "fasttext",
  "npy",
  "text",
  "rows",
  "parquet",
  "eval",
] as const;
export type KeptFormat = (typeof keptFormats)[number];

/** Facts read from the structure, for the listing: plain JSON. */
export type ArtifactFacts = Record<string, string | number | boolean | string[]>;

export type ArtifactCheck =
  | { format: ArtifactFormat; ok: true; facts: ArtifactFacts }
  | { format: ArtifactFormat; ok: false; refusalCode: RefusalCode; reason: string; facts: ArtifactFacts };

/** The structure breaks a rule. Becomes a refusal, never a crash. */
export class StructureError extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** No more than this is read of a file to judge its structure. */
export const MAX_STRUCTURE_BYTES = 64 * 1024 * 1024;

const CHUNK_BYTES = 8 * 1024;
const LINE_CHUNK_BYTES = 256 * 1024;
const MAX_PIECE_BYTES = 16 * 1024 * 1024;

/** Runs a check and turns a StructureError into a refusal; failures to read the file itself pass through. */
export async function refuseOnError(
  format: ArtifactFormat,
  check: () => Promise<ArtifactFacts>,
): Promise<ArtifactCheck> {
  try {
    return { format, ok: true, facts: await check() };
  } catch (error) {
    if (!(error instanceof StructureError)) throw error;
    return { format, ok: false, refusalCode: error.code, reason: error.message, facts: {} };
  }
}

/** Reads forward through a file without trusting a length in it, within a budget of bytes. */
export class StructureCursor {
  position = 0;
  private buffer = new Uint8Array();
  private bufferStart = 0;
  private spent = 0;

  constructor(private readonly reader: ArtifactReader) {}

  get sizeBytes(): number {
    return this.reader.sizeBytes;
  }

  /** The next `length` bytes. Throws StructureError `truncated` past the end, `too_large` beyond the budget. */
  async take(length: number): Promise<Uint8Array> {
    if (length > MAX_PIECE_BYTES)
      throw new StructureError("too_large", "One piece of its structure is too large.");
    await this.fill(length);
    const start = this.position - this.bufferStart;
    this.position += length;
    return this.buffer.subarray(start, start + length);
  }

  /** Goes on without reading; the data skipped must lie inside the file. */
  skip(length: number): void {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.sizeBytes - this.position)
      throw truncated();
    this.position += length;
  }

  /** The bytes up to the next line feed, which is stepped over and not part of them; at most `shown` are returned. */
  async takeLine(shown: number): Promise<Uint8Array> {
    const start = this.position;
    let found = -1;
    while (found < 0) {
      const rest = this.sizeBytes - this.position;
      if (rest === 0) throw truncated();
      const piece = await this.take(Math.min(rest, this.position === start ? CHUNK_BYTES : LINE_CHUNK_BYTES));
      found = piece.indexOf(10);
      if (found >= 0) this.position -= piece.length - found - 1;
    }
    const end = this.position;
    this.position = start;
    const line = await this.take(Math.min(shown, end - start - 1));
    this.position = end;
    return line;
  }

  async takeView(length: number): Promise<DataView> {
    const bytes = await this.take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async takeUint32(): Promise<number> {
    return (await this.takeView(4)).getUint32(0, true);
  }

  /** A 64-bit count; refused beyond 2^53, which no real file reaches. */
  async takeUint64(): Promise<number> {
    const value = (await this.takeView(8)).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new StructureError("malformed", "A length is impossibly large.");
    return Number(value);
  }

  /**
   * A protobuf varint of at most `end - position` bytes, as the signed 64-bit number it is; numbers past 2^53 lose their last
   * digits only.
   */
  async takeVarint(end: number): Promise<number> {
    const available = Math.min(10, end - this.position);
    await this.fill(available);
    const start = this.position - this.bufferStart;
    let value = 0;
    let fromAbove = 1;
    for (let index = 0; index < available; index++) {
      const byte = this.buffer[start + index] ?? 0;
      value += (byte & 127) * 2 ** (7 * index);
      if (index < 9) fromAbove += (127 - (byte & 127)) * 2 ** (7 * index);
      if (byte >= 128) continue;
      if (index === 9 && byte !== 1) break;
      this.position += index + 1;
      return index < 9 ? value : -fromAbove;
    }
    throw new StructureError(
      available < 10 ? "truncated" : "malformed",
      "A number in it is cut off or too long.",
    );
  }

  private async fill(length: number): Promise<void> {
    if (length > this.sizeBytes - this.position) throw truncated();
    const held = this.bufferStart + this.buffer.length;
    if (this.position >= this.bufferStart && this.position + length <= held) return;
    const wanted = Math.min(Math.max(length, CHUNK_BYTES), this.sizeBytes - this.position);
    this.spent += wanted;
    if (this.spent > MAX_STRUCTURE_BYTES)
      throw new StructureError("too_large", "Its structure is larger than 64 MB.");
    this.buffer = Uint8Array.from(await this.reader.read(this.position, wanted));
    this.bufferStart = this.position;
    if (this.buffer.length < length) throw truncated();
  }
}

export function refused(format: ArtifactFormat, refusalCode: RefusalCode, reason: string): ArtifactCheck {
  return { format, ok: false, refusalCode, reason, facts: {} };
}

/** UTF-8 text; throws StructureError `malformed` when it is not. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StructureError("malformed", "A text in it is not UTF-8.");
  }
}

/** For facts and messages: short, without NUL and other control characters. */
export function shownText(text: string): string {
  return text.replace(/\p{Cc}/gu, "\uFFFD").slice(0, 200);
}

function truncated(): StructureError {
  return new StructureError("truncated", "The file ends before its structure does.");
}
