import "server-only";
import { existsSync } from "node:fs";
import { logKeyFile } from "@/lib/log/process/log-files";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { BackupRefusal } from "./backup/manifest";
import { restoreBackup } from "./backup/restore";

/**
 * `npm run restore -- DIR/NAME`: ends with 0, with 2 when all is restored and some files have no key that opens them,
 * and else with 1.
 */

const [folder, ...rest] = process.argv.slice(2);
try {
  if (folder === undefined || folder.startsWith("-") || rest.length > 0)
    throw new BackupRefusal("Say which: npm run restore -- DIR/2026-11-30T12-00-00Z");
  const { manifest, findings, locked } = await restoreBackup(env().DATABASE_URL, folder);
  console.table(findings);
  for (const storageKey of locked)
    process.stdout.write(
      `Cannot be opened until its key is back: storage/keys/${storageKey.slice(0, 2)}/${storageKey}\n`,
    );
  if (manifest.log && !existsSync(logKeyFile()))
    process.stdout.write(`The log's key is in no backup, and the sequencer needs it: ${logKeyFile()}\n`);
  const isWhole = findings.every(({ holds }) => holds);
  process.stdout.write(
    isWhole
      ? `Restored as of ${manifest.madeAt}.\n`
      : "Restored, and not all of it holds: do not open this market.\n",
  );
  process.exitCode = !isWhole ? 1 : locked.length > 0 ? 2 : 0;
} catch (error) {
  process.stderr.write(
    `${error instanceof BackupRefusal ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
} finally {
  await db.$disconnect();
}
