import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "@/lib/shared/encoding";

/** SHA-256 in hex, read piece by piece, so that a file larger than memory can be hashed. `onRead` hears of each piece. */
export async function digestOfFile(file: File, onRead: (bytes: number) => void = () => {}): Promise<string> {
  const hash = sha256.create();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return toHex(hash.digest());
    hash.update(value);
    onRead(value.length);
  }
}
