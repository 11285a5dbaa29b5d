import { blake2b } from "@noble/hashes/blake2.js";
import { blake3 } from "@noble/hashes/blake3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "@/lib/shared/encoding";
import type { Hashing } from "@/lib/statements/signed-manifest";

const hashes = { sha256, blake2b, blake3 };

/** A file's digest in hex, read piece by piece, so that one larger than memory can be hashed. `onRead` hears of each piece. */
export async function digestOfFile(
  file: File,
  onRead: (bytes: number) => void = () => {},
  algorithm: Hashing["algorithm"] = "sha256",
): Promise<string> {
  const hash = hashes[algorithm].create();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return toHex(hash.digest());
    hash.update(value);
    onRead(value.length);
  }
}
