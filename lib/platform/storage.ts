import "server-only";
import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { DomainError } from "@/lib/shared/domain-error";
import { sizeText } from "@/lib/shared/size-text";
import { env } from "./env";
import { unwrapDataKey, wrapDataKey } from "./master-key";
import { DamagedObjectError, openSegments, plainSize, sealedRange, sealingStream } from "./sealed-segments";
import { diskDriver } from "./storage-disk";
import type { StorageDriver } from "./storage-driver";
import { s3Driver } from "./storage-s3";

export { DamagedObjectError } from "./sealed-segments";

/** What is known of bytes that have been stored. `sha256` is of the plain bytes, in hex. */
export type StoredObject = { storageKey: string; sha256: string; sizeBytes: number };

/** Reads anywhere in an object without holding it in memory; every byte returned has been authenticated. */
export type RandomAccess = {
  sizeBytes: number;
  /** Exactly `lengthBytes` bytes; throws RangeError for a range outside the object. */
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
};

export type ByteRange = { offsetBytes: number; lengthBytes: number };

const WRAPPED_KEY_MAX_BYTES = 1024;

let chosen: StorageDriver | undefined;

/** Where this installation keeps what is stored: sealed bytes and wrapped keys, for whoever moves them unopened. */
export function installationStore(): StorageDriver {
  chosen ??= chooseDriver();
  return chosen;
}

function chooseDriver(): StorageDriver {
  const { S3_BUCKET, S3_ENDPOINT, S3_REGION, DATA_DIR } = env();
  return S3_BUCKET
    ? s3Driver({ bucket: S3_BUCKET, region: S3_REGION, endpoint: S3_ENDPOINT })
    : diskDriver(path.resolve(DATA_DIR, "storage"));
}

/** Where the sealed bytes of an object lie in a store. */
export const objectPath = (storageKey: string) => `objects/${partitioned(storageKey)}`;
const keyPath = (storageKey: string) => `keys/${partitioned(storageKey)}`;

function partitioned(storageKey: string): string {
  if (!/^[0-9a-f]{40}$/.test(storageKey)) throw new Error("A storage key has 40 hex digits.");
  return `${storageKey.slice(0, 2)}/${storageKey}`;
}

/**
 * Stores a stream encrypted under a key of its own, digesting while it passes. All or nothing: when the stream fails
 * or ends early, or is longer than `maxBytes` (DomainError `file_too_large`), nothing is left.
 */
export async function putObject(
  source: Readable,
  { maxBytes }: { maxBytes: number },
  store: StorageDriver = installationStore(),
): Promise<StoredObject> {
  const storageKey = randomBytes(20).toString("hex");
  const dataKey = randomBytes(32);
  const meter = meteringStream(maxBytes);
  const sealed = sealingStream(dataKey);
  try {
    await store.put(keyPath(storageKey), Readable.from([wrapDataKey(dataKey, storageKey)]));
    await bothOrNeither(
      pipeline(source, meter.stream, sealed),
      store.put(objectPath(storageKey), sealed),
      sealed,
    );
  } catch (error) {
    source.destroy();
    await deleteObject({ storageKey }, store).catch(() => undefined);
    throw meter.refusal() ?? error;
  }
  return { storageKey, ...meter.result() };
}

/**
 * The plain bytes of a stored object, or of a range of it. Every segment is authenticated before it is passed on; a
 * damaged, cut or foreign object ends the stream with DamagedObjectError. The caller has authorised already.
 */
export async function openObject(
  { storageKey }: Pick<StoredObject, "storageKey">,
  range?: ByteRange,
  store: StorageDriver = installationStore(),
): Promise<Readable> {
  const { dataKey, sealedBytes } = await findParts(storageKey, store);
  const { offsetBytes, lengthBytes } = range ?? { offsetBytes: 0, lengthBytes: plainSize(sealedBytes) };
  return openRange(storageKey, dataKey, sealedBytes, offsetBytes, lengthBytes, store);
}

/** Opens an object for reads anywhere in it, such as a structure check. */
export async function randomAccess(
  { storageKey }: Pick<StoredObject, "storageKey">,
  store: StorageDriver = installationStore(),
): Promise<RandomAccess> {
  const { dataKey, sealedBytes } = await findParts(storageKey, store);
  return {
    sizeBytes: plainSize(sealedBytes),
    read: async (offsetBytes, lengthBytes) =>
      buffer(await openRange(storageKey, dataKey, sealedBytes, offsetBytes, lengthBytes, store)),
  };
}

/** Destroys the key first: from then on no copy of the bytes, also in a backup, can be read. Twice is fine. */
export async function deleteObject(
  { storageKey }: Pick<StoredObject, "storageKey">,
  store: StorageDriver = installationStore(),
): Promise<void> {
  await store.remove(keyPath(storageKey));
  await store.remove(objectPath(storageKey));
}

/** Storage keys of objects written before a time; for the sweep of what no row refers to. */
export async function* listObjectsOlderThan(before: Date, store: StorageDriver = installationStore()) {
  for (const folder of ["objects", "keys"]) {
    for await (const name of store.listOlderThan(folder, before)) yield name.slice(name.lastIndexOf("/") + 1);
  }
}

/** Removes what uploads cut off by a crash before that time have left behind; returns how many. */
export async function sweepIncoming(
  before: Date,
  store: StorageDriver = installationStore(),
): Promise<number> {
  return store.sweep(before);
}

/** Waits for both also when one fails, so that nothing is still being written when the rest is taken away. */
async function bothOrNeither(
  sealing: Promise<void>,
  storing: Promise<void>,
  sealed: Transform,
): Promise<void> {
  storing.catch((error: unknown) => sealed.destroy(error as Error));
  for (const result of await Promise.allSettled([sealing, storing])) {
    if (result.status === "rejected") throw result.reason;
  }
}

async function openRange(
  storageKey: string,
  dataKey: Buffer,
  sealedBytes: number,
  offsetBytes: number,
  lengthBytes: number,
  store: StorageDriver,
): Promise<Readable> {
  const range = sealedRange(sealedBytes, offsetBytes, lengthBytes);
  const sealed = await store.read(objectPath(storageKey), range.sealedOffset, range.sealedLength);
  return Readable.from(openSegments(dataKey, sealed, range, offsetBytes, lengthBytes), { objectMode: false });
}

async function findParts(storageKey: string, store: StorageDriver) {
  const [sealedBytes, keyBytes] = await Promise.all([
    store.sizeOf(objectPath(storageKey)),
    store.sizeOf(keyPath(storageKey)),
  ]);
  if (sealedBytes === null) throw new DamagedObjectError("A stored object is gone.");
  if (keyBytes === null || keyBytes > WRAPPED_KEY_MAX_BYTES) {
    throw new DamagedObjectError("A stored object's key is gone: it has been deleted.");
  }
  const wrapped = await buffer(await store.read(keyPath(storageKey), 0, keyBytes));
  return { dataKey: unwrapDataKey(wrapped, storageKey), sealedBytes };
}

function meteringStream(maxBytes: number) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let refusal: DomainError | null = null;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        refusal = new DomainError("file_too_large", `The file is larger than ${sizeText(maxBytes)}.`);
        done(refusal);
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, refusal: () => refusal, result: () => ({ sha256: hash.digest("hex"), sizeBytes }) };
}
