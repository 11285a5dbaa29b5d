import "server-only";
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { StorageDriver } from "./storage-driver";

/** Files under one folder. A write goes to `incoming/` first and appears under its name whole, by one rename. */
export function diskDriver(root: string): StorageDriver {
  const placeOf = (name: string) => path.join(root, name);
  return {
    async put(name, source) {
      const draft = placeOf(path.join("incoming", randomBytes(12).toString("hex")));
      await mkdir(path.dirname(draft), { recursive: true, mode: 0o700 });
      try {
        await writeWhole(draft, source);
        await mkdir(path.dirname(placeOf(name)), { recursive: true, mode: 0o700 });
        await rename(draft, placeOf(name));
        await syncFolder(path.dirname(placeOf(name)));
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async sizeOf(name) {
      return (await statOrNull(placeOf(name)))?.size ?? null;
    },
    async read(name, offsetBytes, lengthBytes) {
      if (lengthBytes === 0) return Readable.from([]);
      return createReadStream(placeOf(name), { start: offsetBytes, end: offsetBytes + lengthBytes - 1 });
    },
    async remove(name) {
      await rm(placeOf(name), { force: true });
    },
    async *listOlderThan(folder, before) {
      const names = await readdir(placeOf(folder), { recursive: true }).catch(() => []);
      for (const name of names) {
        const facts = await statOrNull(path.join(placeOf(folder), name));
        if (facts?.isFile() && facts.mtime < before) yield name.split(path.sep).join("/");
      }
    },
    async sweep(before) {
      let removed = 0;
      for (const name of await readdir(placeOf("incoming")).catch(() => [])) {
        const file = placeOf(path.join("incoming", name));
        const facts = await statOrNull(file);
        if (!facts || facts.mtime >= before) continue;
        await unlink(file).catch(() => undefined);
        removed++;
      }
      return removed;
    },
  };
}

async function writeWhole(file: string, source: Readable): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await pipeline(source, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await writeFully(handle, chunk);
    });
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFully(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await handle.write(chunk, done)).bytesWritten;
  }
}

/** After a power cut the name is there too, not only the bytes. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().catch(() => undefined);
  await handle.close();
}

async function statOrNull(file: string) {
  return stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
