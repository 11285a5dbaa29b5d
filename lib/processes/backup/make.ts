import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { type StoredObjectRow, listStoredObjects } from "@/lib/catalogue/queries/stored-files";
import { readHead } from "@/lib/log/records";
import { readInstallation } from "@/lib/platform/installation";
import packageJson from "@/package.json";
import { withConnection } from "../database/databases.mjs";
import { migrationStatus, migrationsOnDisk } from "../database/migrate.mjs";
import { BackupRefusal, type Manifest, seal } from "./manifest";
import { copyObjects } from "./objects";
import { dumpTables, readSequences } from "./tables";

export type Made = { folder: string; manifest: Manifest };

/**
 * Makes a backup in a folder of its own below `place`, named after `madeAt`: every table as of one moment, the stored
 * files that they name, the log's last checkpoint. It has its name once it is whole; what a kill leaves is called
 * `.unfinished`. Throws BackupRefusal where one of that name is there.
 */
export async function makeBackup(url: string, place: string, madeAt: Date): Promise<Made> {
  const status = await migrationStatus(url);
  if (Object.values(status).some((names) => names.length > 0))
    throw new BackupRefusal("The database is not at this release's migrations: npm run db:status tells.");
  const folder = path.join(place, madeAt.toISOString().replaceAll(":", "-").replace(/\.\d+/, ""));
  const draft = `${folder}.unfinished`;
  await mkdir(place, { recursive: true, mode: 0o700 });
  await claim(folder, draft);
  const { files, ...database } = await dumpDatabase(url, draft);
  const manifest: Manifest = {
    format: 1,
    madeAt: madeAt.toISOString(),
    release: packageJson.version,
    origin: (await readInstallation()).logOrigin,
    migrations: (await migrationsOnDisk()).map(({ name, sha256 }) => ({ name, sha256 })),
    ...database,
    ...(await copyObjects(folder, files)),
  };
  await seal(draft, folder, manifest);
  return { folder, manifest };
}

/** Makes the draft of a backup whose name nobody has taken, finished or not. */
async function claim(folder: string, draft: string): Promise<void> {
  const taken = new BackupRefusal(`${folder} is there already, or is being made; nothing is written over.`);
  if (existsSync(folder)) throw taken;
  await mkdir(draft, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? taken : error;
  });
}

/** Everything as of one moment, however long it takes to write it down. */
async function dumpDatabase(
  url: string,
  draft: string,
): Promise<Pick<Manifest, "tables" | "sequences" | "log"> & { files: StoredObjectRow[] }> {
  await mkdir(path.join(draft, "database"), { mode: 0o700 });
  return withConnection(url, async (client: pg.Client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const files = await listStoredObjects(client);
    const head = await readHead(client);
    const tables = await dumpTables(client, draft);
    const sequences = await readSequences(client);
    await client.query("COMMIT");
    const log = head && { size: String(head.signedSize), checkpoint: head.checkpoint };
    return { files, log, tables, sequences };
  });
}
