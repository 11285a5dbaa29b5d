import "server-only";
import path from "node:path";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { makeBackup } from "./backup/make";
import { BackupRefusal } from "./backup/manifest";

/** `npm run backup -- DIR`: ends with 0, with 2 when it was made without some files, and else with 1. */

const [place, ...rest] = process.argv.slice(2);
try {
  if (place === undefined || place.startsWith("-") || rest.length > 0)
    throw new BackupRefusal("Say where to: npm run backup -- DIR");
  const { folder, manifest } = await makeBackup(env().DATABASE_URL, path.resolve(place), new Date());
  const { tables, objects, unreadable, log } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  process.stdout.write(
    `${folder}: ${tables.length} tables with ${rows} rows, ${objects.length} stored files, ` +
      `the log at ${log?.size ?? 0} entries. Every file was opened with its key.\n`,
  );
  for (const { storageKey, reason } of unreadable)
    process.stderr.write(`Not in the backup: the stored file ${storageKey}. ${reason}\n`);
  if (unreadable.length > 0) process.exitCode = 2;
} catch (error) {
  process.stderr.write(
    `${error instanceof BackupRefusal ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
} finally {
  await db.$disconnect();
}
