import path from "node:path";
import type pg from "pg";
import { keepCheckpoint, readKeptCheckpoint } from "@/lib/log/process/kept-checkpoint";
import { checkpointFile } from "@/lib/log/process/log-files";
import { env } from "@/lib/platform/env";
import { withConnection } from "../database/databases.mjs";
import { applyMigrations, isEmptyDatabase, migrationsOnDisk } from "../database/migrate.mjs";
import { type Checked, checkMarket } from "./check";
import { BackupRefusal, type Manifest, readManifest, requireWhole } from "./manifest";
import { hasObjects, restoreObjects } from "./objects";
import { loadTables } from "./tables";

export type Restored = Checked & { manifest: Manifest };

/**
 * Restores a whole backup into an empty database and an empty store, and holds the result to the market's own rules.
 * Throws BackupRefusal, before anything is changed, for a backup that is not whole or of another release, and for a
 * place that is not empty.
 */
export async function restoreBackup(url: string, folder: string): Promise<Restored> {
  const whole = path.resolve(folder);
  const manifest = await readManifest(whole);
  await requireWhole(whole, manifest);
  await requireThisRelease(manifest);
  await requireEmpty(url);
  await applyMigrations(url);
  await withConnection(url, (client: pg.Client) => loadTables(client, whole, manifest));
  await restoreObjects(whole, manifest.objects);
  keepOldCheckpoint(manifest);
  return { manifest, ...(await checkMarket(url, manifest)) };
}

async function requireThisRelease({ migrations, release }: Manifest): Promise<void> {
  const own = new Map((await migrationsOnDisk()).map(({ name, sha256 }) => [name, sha256]));
  const isSame =
    migrations.length === own.size && migrations.every(({ name, sha256 }) => own.get(name) === sha256);
  if (isSame) return;
  throw new BackupRefusal(
    `The backup was made by release ${release}, whose migrations are others. Restore it with that one, and update then.`,
  );
}

async function requireEmpty(url: string): Promise<void> {
  if (!(await isEmptyDatabase(url)))
    throw new BackupRefusal("The database is not empty: name another one in DATABASE_URL.");
  // A bucket may have outlived the database; what is in it is compared afterwards.
  if (env().S3_BUCKET === undefined && (await hasObjects()))
    throw new BackupRefusal(
      `${env().DATA_DIR} holds stored files already: name an empty folder in DATA_DIR.`,
    );
}

/** The second place of the log is filled where it is empty, and never set back: a newer one stops the sequencer. */
function keepOldCheckpoint({ log }: Manifest): void {
  if (log && readKeptCheckpoint(checkpointFile()) === null) keepCheckpoint(checkpointFile(), log.checkpoint);
}
