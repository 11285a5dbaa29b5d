import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { objectPath } from "@/lib/platform/storage";

/** What stands in a backup, with the SHA-256 of all of it. Whoever has no manifest has no backup. */

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const decimal = z.string().regex(/^\d+$/);

const manifest = z.strictObject({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Version of the program that made it. */
  release: z.string(),
  /** Name of the log, which is the name of the installation. */
  origin: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), sha256: digest })),
  /** The last signed checkpoint; null before the first. */
  log: z.strictObject({ size: decimal, checkpoint: z.string() }).nullable(),
  tables: z.array(
    z.strictObject({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: count,
      sizeBytes: count,
      sha256: digest,
    }),
  ),
  sequences: z.array(z.strictObject({ name: z.string(), lastValue: decimal, isCalled: z.boolean() })),
  /** Stored files as they lie in the store, sealed: size and digest of those bytes. */
  objects: z.array(
    z.strictObject({ storageKey: z.string().regex(/^[0-9a-f]{40}$/), sizeBytes: count, sha256: digest }),
  ),
  /** Stored files that the database names and that could not be read when this was made. */
  unreadable: z.array(z.strictObject({ storageKey: z.string(), reason: z.string() })),
});

export type Manifest = z.infer<typeof manifest>;

/** The backup, or what it is to be restored into, is not what it has to be; nothing was changed. */
export class BackupRefusal extends Error {}

const MANIFEST = "manifest.json";
const SEAL = "manifest.sha256";

export const tableFile = ({ schema, name }: { schema: string; name: string }) =>
  path.join("database", `${schema}.${name}.copy`);

/** Where a backup's objects lie: beside it, because the next one has most of them too. */
export const objectsFolder = (folder: string) => path.dirname(folder);

/** Where a stored file lies in it, under the name that it has in the store. */
export const objectFile = (folder: string, storageKey: string) =>
  path.join(objectsFolder(folder), objectPath(storageKey));

/** Makes a backup of what lies in `draft`: the manifest is written, and then it gets its name in one step. */
export async function seal(draft: string, folder: string, content: Manifest): Promise<void> {
  const text = JSON.stringify(content, null, 1);
  await writeDurably(path.join(draft, MANIFEST), text);
  await writeDurably(path.join(draft, SEAL), sha256Of(text));
  await rename(draft, folder);
  await syncFolder(path.dirname(folder));
}

/** The manifest of a whole backup. Throws BackupRefusal for what was never finished, and for one that was changed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text, sealed] = await Promise.all(
    [MANIFEST, SEAL].map((name) => readFile(path.join(folder, name), "utf8").catch(() => null)),
  );
  if (text == null || sealed == null || folder.endsWith(".unfinished"))
    throw new BackupRefusal(`${folder} is not a whole backup: it has no manifest, or was broken off.`);
  if (sha256Of(text) !== sealed) throw new BackupRefusal(`The manifest of ${folder} was changed.`);
  return manifest.parse(JSON.parse(text));
}

/** Compares every file with the manifest. Throws BackupRefusal, naming those that are missing or differ. */
export async function requireWhole(folder: string, { tables, objects }: Manifest): Promise<void> {
  const files = [
    ...tables.map((table) => ({ ...table, file: path.join(folder, tableFile(table)) })),
    ...objects.map((object) => ({ ...object, file: objectFile(folder, object.storageKey) })),
  ];
  const wrong: string[] = [];
  for (const { file, sizeBytes, sha256 } of files) {
    const found = await digestOf(file).catch(() => null);
    if (found?.sizeBytes !== sizeBytes || found.sha256 !== sha256) wrong.push(file);
  }
  if (wrong.length === 0) return;
  throw new BackupRefusal(
    `${wrong.length} of ${files.length} files are missing or were changed, and nothing is restored:\n` +
      wrong
        .slice(0, 20)
        .map((file) => `  ${path.relative(path.dirname(folder), file)}`)
        .join("\n"),
  );
}

export async function digestOf(file: string): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash("sha256");
  const { size } = await stat(file);
  await pipeline(createReadStream(file), hash);
  return { sizeBytes: size, sha256: hash.digest("hex") };
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().catch(() => undefined);
  await handle.close();
}
