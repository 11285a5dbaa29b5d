import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
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
import { root } from "../../launch/places.mjs";

/** Brings a database to what prisma/migrations says: each file once, in the order of names. */

const directory = path.join(root, "prisma", "migrations");

/** Any fixed number does; every process that migrates this database asks for the same one. */
const MIGRATION_LOCK = 7_261_502_001n;
const HISTORY = "AppliedMigration";

/** The migrations of the repository, in the order in which they are applied. */
export async function migrationsOnDisk() {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * Applies the migrations that the database does not have yet, and returns their names. Each is there whole or not at
 * all, whenever a process is killed. The database is made when it is missing, and so are the queues. Processes that
 * start together wait for each other. Throws for a database that others made. `migrations` stands in for those of the
 * repository.
 */
export async function applyMigrations(url, migrations) {
  await ensureDatabase(url);
  return withConnection(url, async (client) => {
    await underLock(client, () => openHistory(client));
    const applied = [];
    for (const migration of migrations ?? (await migrationsOnDisk())) {
      if (await underLock(client, () => applyOnce(client, migration))) applied.push(migration.name);
    }
    await prepareQueues(url);
    return applied;
  });
}

/** Runs `work` in one transaction, while no other process migrates. */
async function underLock(client, work) {
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    // Fails where the connection is lost, which undoes everything too.
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function applyOnce(client, { name, sql, sha256 }) {
  const { rowCount } = await client.query(
    `insert into "${HISTORY}" (name, sha256) values ($1, $2) on conflict do nothing`,
    [name, sha256],
  );
  if (rowCount === 0) return false;
  await client.query(sql).catch((cause) => {
    throw new Error(`${name} could not be applied, and nothing of it was: ${cause.message}`, { cause });
  });
  return true;
}

async function openHistory(client) {
  if (await hasHistory(client)) return;
  await client.query(`create table "${HISTORY}" (
    name text primary key, sha256 text not null, "appliedAt" timestamptz(3) not null default now())`);
}

/** Whether the database was made by these migrations: false for an empty one. Throws for one that was not. */
async function hasHistory(client) {
  const { rows } = await client.query(
    `select to_regclass('"${HISTORY}"') is not null as ours,
      to_regclass('_prisma_migrations') is not null as earlier,
      exists (select from (
          select oid from pg_class where relnamespace = current_schema()::regnamespace and relkind <> 'i'
          union all select oid from pg_proc where pronamespace = current_schema()::regnamespace
          union all select oid from pg_type where typnamespace = current_schema()::regnamespace and typtype in ('e', 'd')
        ) as thing where not exists (select from pg_depend where objid = thing.oid and deptype = 'e'))
        or (to_regnamespace('pgboss') is not null and to_regclass('pgboss.version') is null) as filled,
      current_database() as name`,
  );
  const [{ ours, earlier, filled, name }] = rows;
  if (ours || !filled) return ours;
  const reason = earlier
    ? "was made by an earlier history of Offcut, from which no migration leads here"
    : "holds things that Offcut did not make";
  throw new Error(
    `The database "${name}" ${reason}: drop it (of a demo, remove DATA_DIR), or name an empty one in DATABASE_URL.`,
  );
}

/** Whether the database has no table of ours yet; true for one that is not there. Throws for one that others filled. */
export async function isEmptyDatabase(url) {
  return withConnection(url, async (client) => !(await hasHistory(client))).catch((error) => {
    if (error.code === "3D000") return true;
    throw error;
  });
}

/** What the database lacks, what it has that the repository lacks, and what was changed after it was applied. */
export async function migrationStatus(url, migrations) {
  const onDisk = new Map(
    (migrations ?? (await migrationsOnDisk())).map(({ name, sha256 }) => [name, sha256]),
  );
  const applied = await withConnection(url, async (client) => {
    if (!(await hasHistory(client))) return new Map();
    const { rows } = await client.query(`select name, sha256 from "${HISTORY}" order by name`);
    return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  });
  return {
    unapplied: [...onDisk.keys()].filter((name) => !applied.has(name)),
    unknown: [...applied.keys()].filter((name) => !onDisk.has(name)),
    changed: [...onDisk]
      .filter(([name, sha256]) => (applied.get(name) ?? sha256) !== sha256)
      .map(([name]) => name),
  };
}

/**
 * The SQL from the migrations to the schema, or null when they agree. The migrations are applied to a
 * scratch database on the server of `url`, which is dropped again.
 */
export async function pendingSchemaSql(url) {
  const { sqlToSchema } = await import("./schema-engine.mjs");
  const scratch = withDatabaseName(url, scratchName("diff"));
  await createDatabase(scratch);
  try {
    await applyMigrations(scratch);
    return await sqlToSchema(scratch, [`public.${HISTORY}`]);
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
  const folder = path.join(directory, `${stamp}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "migration.sql"), sql);
  console.log(`Wrote ${path.relative(process.cwd(), folder)}/migration.sql`);
}

async function findings(url) {
  const { unapplied, unknown, changed } = await migrationStatus(url);
  return [
    ...unapplied.map((name) => `not applied yet: ${name}`),
    ...unknown.map((name) => `applied, but not in the repository: ${name}`),
    ...changed.map((name) => `changed since it was applied: ${name}`),
  ];
}

async function printStatus(url) {
  const found = await findings(url);
  console.log(found.length ? found.join("\n") : "The database has every migration.");
  if (found.length) process.exitCode = 1;
}

/** What went wrong, in a sentence or two without a password. */
function sentenceOf(error) {
  const code = error.code ?? error.cause?.code;
  if (code === "42501" && !/GRANT/i.test(error.message)) {
    const { username, pathname } = new URL(process.env.DATABASE_URL);
    const [role, database] = [decodeURIComponent(username), decodeURIComponent(pathname.slice(1))];
    return `${error.message}. As an administrator: CREATE DATABASE "${database}" OWNER "${role}", or GRANT CREATE ON DATABASE "${database}" and ON SCHEMA public TO "${role}".`;
  }
  const isUnreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET"].includes(
    error.code,
  );
  if (!isUnreachable) return error.message;
  return `The database at ${new URL(process.env.DATABASE_URL).host} cannot be reached (${error.code}). Check DATABASE_URL.`;
}

async function main([verb, name]) {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("Set DATABASE_URL to the database to work on.");
  if (!URL.canParse(url) || !new URL(url).host) {
    throw new Error("DATABASE_URL is not an address such as postgres://user:password@host:5432/offcut");
  }
  if (verb === "diff") return writeMigration(url, name);
  if (verb === "status") return printStatus(url);
  if (verb !== "migrate") throw new Error(`Unknown verb "${verb ?? ""}": migrate, diff or status.`);
  const applied = await applyMigrations(url);
  console.log(applied.length ? `Applied ${applied.join(", ")}` : "Nothing to apply.");
  // An older release may still start on a newer database, but never unseen.
  for (const finding of await findings(url)) console.log(finding);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  });
}
