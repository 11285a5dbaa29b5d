import "server-only";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { StorageDriver } from "@/lib/platform/storage-driver";

/** Where an export lies. Whoever reads a name finds the old file or the new one, never half of it. */
export type ExportPlace = {
  /** Null where there is no such file. */
  read: (name: string) => Promise<Uint8Array | null>;
  has: (name: string) => Promise<boolean>;
  /** Returns once the file would survive a loss of power. */
  write: (name: string, bytes: Uint8Array) => Promise<void>;
};

/** A folder, made when it is missing. */
export function folderPlace(folder: string): ExportPlace {
  const fileOf = (name: string) => path.join(folder, name);
  const absent = (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  };
  return {
    read: (name) => readFile(fileOf(name)).catch(absent),
    has: async (name) => (await stat(fileOf(name)).catch(absent)) !== null,
    write: async (name, bytes) => {
      const draft = `${fileOf(name)}.draft`;
      await mkdir(path.dirname(draft), { recursive: true });
      const handle = await open(draft, "w");
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, fileOf(name));
      const holder = await open(path.dirname(draft), "r");
      await holder.sync().catch(() => undefined);
      await holder.close();
    },
  };
}

/** An object store, below a prefix that is empty or ends in a slash. */
export function storePlace(store: StorageDriver, prefix: string): ExportPlace {
  return {
    read: async (name) => {
      const size = await store.sizeOf(prefix + name);
      return size === null ? null : buffer(await store.read(prefix + name, 0, size));
    },
    has: async (name) => (await store.sizeOf(prefix + name)) !== null,
    write: (name, bytes) =>
      store.put(prefix + name, Readable.from([Buffer.from(bytes)], { objectMode: false })),
  };
}
