import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import {
  createDatabase,
  dropDatabase,
  ensureDatabase,
  scratchName,
  withConnection,
  withDatabaseName,
} from "./databases.mjs";
import { prepareQueues } from "./queues.mjs";
import {
  migrationsDirectory,
  migrationsOnDisk,
  noFilter,
  SCRIPT_LOCK,
  schemaFiles,
  withSchemaEngine,
} from "./schema-engine.mjs";

/** Any fixed number does; every process that migrates this database asks for the same one. */
const MIGRATION_LOCK = 7_261_502_001n;

/**
 * Applies the migrations that the database does not have yet, and returns their names. The database is
 * made when it is missing, and so are the queues. Processes that start together wait for each other.
 */
export async function applyMigrations(url) {
  await ensureDatabase(url);
  return withConnection(url, async (client) => {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const migrationsList = await migrationsOnDisk();
    const result = await withSchemaEngine(url, async (engine) => {
      await forgetUnfinished(client, engine);
      return engine.applyMigrations({ migrationsList, filters: noFilter });
    });
    await prepareQueues(url);
    return result.appliedMigrationNames;
  });
}

/**
 * Lets migrations that were begun and not finished be tried again. Each runs in one transaction together
 * with the mark that it is finished, and the lock is ours, so nothing of them is in the database.
 */
async function forgetUnfinished(client, engine) {
  await client.query("select pg_advisory_lock($1)", [SCRIPT_LOCK]);
  await client.query("select pg_advisory_unlock($1)", [SCRIPT_LOCK]);
  const { rows } = await client.query("select to_regclass('_prisma_migrations') is not null as exists");
  if (!rows[0].exists) return;
  const unfinished = await client.query(
    `select distinct migration_name from _prisma_migrations
      where finished_at is null and rolled_back_at is null`,
  );
  for (const { migration_name: migrationName } of unfinished.rows) {
    await engine.markMigrationRolledBack({ migrationName });
  }
}

/** What the database's history lacks or has changed, compared with the repository. */
export async function migrationStatus(url) {
  const migrationsList = await migrationsOnDisk();
  return withSchemaEngine(url, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilter }),
  );
}

/**
 * The SQL from the migrations to the schema, or null when they agree. The migrations are applied to a
 * scratch database on the server of `url`, which is dropped again.
 */
export async function pendingSchemaSql(url) {
  const scratch = withDatabaseName(url, scratchName("diff"));
  await createDatabase(scratch);
  try {
    await applyMigrations(scratch);
    const files = await schemaFiles();
    const { exitCode, stdout } = await withSchemaEngine(scratch, (engine) =>
      engine.diff({
        // The engine reads the database that its adapter is connected to.
        from: { tag: "schemaDatasource", files, configDir: migrationsDirectory },
        to: { tag: "schemaDatamodel", files },
        script: true,
        exitCode: true,
        filters: noFilter,
      }),
    );
    return exitCode === 0 ? null : stdout;
  } finally {
    await dropDatabase(scratch);
  }
}

async function writeMigration(url, name) {
  if (!/^[a-z0-9_]+$/.test(name ?? "")) {
    throw new Error("Name the migration in lower case: npm run db:diff -- add_watch_list");
  }
  const sql = await pendingSchemaSql(url);
  if (sql === null) return console.log("The migrations already say what the schema says.");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const directory = path.join(migrationsDirectory, `${stamp}_${name}`);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "migration.sql"), sql);
  await writeFile(path.join(migrationsDirectory, "migration_lock.toml"), 'provider = "postgresql"\n');
  console.log(`Wrote ${path.relative(process.cwd(), directory)}/migration.sql`);
}

async function printStatus(url) {
  const status = await migrationStatus(url);
  const unapplied = status.history?.unappliedMigrationNames ?? [];
  const missing = status.history?.unpersistedMigrationNames ?? [];
  const findings = [
    ...unapplied.map((name) => `not applied yet: ${name}`),
    ...missing.map((name) => `applied, but not in the repository: ${name}`),
    ...status.editedMigrationNames.map((name) => `changed since it was applied: ${name}`),
    ...status.failedMigrationNames.map((name) => `failed half-way: ${name}`),
  ];
  console.log(findings.length ? findings.join("\n") : "The database has every migration.");
  if (findings.length) process.exitCode = 1;
}

/** A server that cannot be reached is named, without its password. */
function sentenceOf(error) {
  const isUnreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET"].includes(
    error.code,
  );
  if (!isUnreachable) return error.message;
  return `The database at ${new URL(process.env.DATABASE_URL).host} cannot be reached (${error.code}). Check DATABASE_URL.`;
}

async function main([verb, name]) {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("Set DATABASE_URL to the database to work on.");
  if (verb === "diff") return writeMigration(url, name);
  if (verb === "status") return printStatus(url);
  if (verb !== "migrate") throw new Error(`Unknown verb "${verb ?? ""}": migrate, diff or status.`);
  const applied = await applyMigrations(url);
  console.log(applied.length ? `Applied ${applied.join(", ")}` : "Nothing to apply.");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  });
}
