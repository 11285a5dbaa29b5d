export class BytesIn {
  constructor(stream: AsyncIterable<Uint8Array>);
  framed(): Promise<Buffer>;
  framedOrEnd(): Promise<Buffer | null>;
  exactly(length: number): Promise<Buffer>;
}
export function withLength(bytes: Uint8Array): Buffer;
