import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { storageKeysInUse, type StoredObjectRow } from "@/lib/catalogue/queries/stored-files";
import type { StorageDriver } from "@/lib/platform/storage-driver";
import { diskDriver } from "@/lib/platform/storage-disk";
import { installationStore, objectPath, openObject } from "@/lib/platform/storage";
import { type Manifest, digestOf, objectFile, objectsFolder } from "./manifest";

/** Stored files as they lie in the store: sealed, each under a key that is in no backup. */

type Kept = Pick<Manifest, "objects" | "unreadable">;

/**
 * Copies the objects that the rows name and that are not there from an earlier backup, and then opens every copy with
 * its key: what is backed up is what the database says. What cannot be read is named, and the rest is kept.
 */
export async function copyObjects(folder: string, rows: readonly StoredObjectRow[]): Promise<Kept> {
  const store = installationStore();
  const copies = diskDriver(objectsFolder(folder));
  const kept: Kept = { objects: [], unreadable: [] };
  for (const row of rows) {
    const { storageKey } = row;
    let isNew = false;
    try {
      isNew = (await copies.sizeOf(objectPath(storageKey))) === null;
      if (isNew) await copyOne(store, copies, storageKey);
      await requireContent(row, keysOf(store, copies));
      kept.objects.push({ storageKey, ...(await digestOf(objectFile(folder, storageKey))) });
    } catch (error) {
      // An earlier copy may be the last good one, and only its key is missing now.
      if (isNew) await copies.remove(objectPath(storageKey));
      kept.unreadable.push({ storageKey, reason: (error as Error).message });
    }
  }
  // Whoever deleted a file meanwhile took its row away first.
  const inUse = await storageKeysInUse(kept.unreadable.map(({ storageKey }) => storageKey));
  return { ...kept, unreadable: kept.unreadable.filter(({ storageKey }) => inUse.has(storageKey)) };
}

/** Puts the objects of a whole backup into the store. Those that are there already with the same bytes stay. */
export async function restoreObjects(folder: string, objects: Manifest["objects"]): Promise<void> {
  const store = installationStore();
  const copies = diskDriver(objectsFolder(folder));
  for (const { storageKey, sizeBytes } of objects)
    if ((await store.sizeOf(objectPath(storageKey))) !== sizeBytes) await copyOne(copies, store, storageKey);
}

export type StoreCheck = { whole: number; changed: string[]; locked: string[] };

/** Reads every object of the store: whose bytes are not those of the backup, and which have no key that opens them. */
export async function checkStore(
  objects: Manifest["objects"],
  rows: readonly StoredObjectRow[],
): Promise<StoreCheck> {
  const store = installationStore();
  const sealed = new Map(objects.map((object) => [object.storageKey, object]));
  const check: StoreCheck = { whole: 0, changed: [], locked: [] };
  for (const row of rows) {
    const { storageKey } = row;
    const expected = sealed.get(storageKey)?.sha256;
    const found = await sealedDigest(store, storageKey).catch(() => null);
    if (expected === undefined || found !== expected) check.changed.push(storageKey);
    else if (
      await requireContent(row, store).then(
        () => true,
        () => false,
      )
    )
      check.whole += 1;
    else check.locked.push(storageKey);
  }
  return check;
}

/** Whether the store holds any object. */
export async function hasObjects(): Promise<boolean> {
  for await (const _ of installationStore().listOlderThan("objects", new Date(8.64e15))) return true;
  return false;
}

async function copyOne(source: StorageDriver, target: StorageDriver, storageKey: string): Promise<void> {
  const name = objectPath(storageKey);
  const size = await source.sizeOf(name);
  if (size === null) throw new Error("It is not in the store.");
  await target.put(name, await source.read(name, 0, size));
}

/** Reads keys where the installation keeps them, and bytes from the copies. */
function keysOf(store: StorageDriver, copies: StorageDriver): StorageDriver {
  const at = (name: string) => (name.startsWith("keys/") ? store : copies);
  return {
    ...copies,
    sizeOf: (name) => at(name).sizeOf(name),
    read: (name, offsetBytes, lengthBytes) => at(name).read(name, offsetBytes, lengthBytes),
  };
}

/** Throws unless the object opens and is, byte for byte, what its row says. */
async function requireContent(row: StoredObjectRow, store: StorageDriver): Promise<void> {
  const hash = createHash("sha256");
  let sizeBytes = 0n;
  for await (const chunk of await openObject(row, undefined, store)) {
    hash.update(chunk as Buffer);
    sizeBytes += BigInt((chunk as Buffer).length);
  }
  if (sizeBytes !== row.sizeBytes || hash.digest("hex") !== row.sha256)
    throw new Error("It is not the file that the database names.");
}

async function sealedDigest(store: StorageDriver, storageKey: string): Promise<string> {
  const hash = createHash("sha256");
  const size = await store.sizeOf(objectPath(storageKey));
  await pipeline(await store.read(objectPath(storageKey), 0, size ?? 0), hash);
  return hash.digest("hex");
}
