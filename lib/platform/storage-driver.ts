import type { Readable } from "node:stream";

/** Where bytes lie. A path is "objects/ab/…" or "keys/ab/…", made by `storage.ts` alone. */
export type StorageDriver = {
  /** Stores all that `source` gives, or, when it fails at any point, nothing. */
  put(path: string, source: Readable): Promise<void>;
  /** Null where there is no such object. */
  sizeOf(path: string): Promise<number | null>;
  read(path: string, offsetBytes: number, lengthBytes: number): Promise<Readable>;
  /** Removing what is not there succeeds. */
  remove(path: string): Promise<void>;
  /** Names of all objects under a folder that are older than `before`. */
  listOlderThan(folder: string, before: Date): AsyncIterable<string>;
  /** Removes what uploads cut off by a crash have left behind. */
  sweep(before: Date): Promise<number>;
};
