/** Messages over a pipe: a uint32 big-endian length, then as many bytes. */

/** A stream by numbers of bytes. */
export class BytesIn {
  #chunks;
  #rest = Buffer.alloc(0);

  constructor(stream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next message; throws where the stream breaks off. */
  async framed() {
    return this.exactly((await this.exactly(4)).readUInt32BE(0));
  }

  /** The next message, or null where the stream ends before one begins. */
  async framedOrEnd() {
    return (await this.#isAtEnd()) ? null : this.framed();
  }

  async exactly(length) {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length;) {
      if (await this.#isAtEnd()) throw new Error("the request broke off");
      const taken = this.#rest.copy(bytes, filled);
      filled += taken;
      this.#rest = this.#rest.subarray(taken);
    }
    return bytes;
  }

  async #isAtEnd() {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }
}

/** The bytes as a message. */
export function withLength(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
