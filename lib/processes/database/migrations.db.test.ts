import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createDatabase,
  dropDatabase,
  onServer,
  scratchName,
  withConnection,
  withDatabaseName,
} from "./databases.mjs";
import { applyMigrations, type Migration, migrationStatus, pendingSchemaSql } from "./migrate.mjs";
import { db } from "@/lib/platform/db";

const url = process.env.DATABASE_URL ?? "";

let scratch = "";
beforeEach(() => void (scratch = withDatabaseName(url, scratchName("migrations"))));
afterEach(() => dropDatabase(scratch));

/** Migrations called 01, 02, … with these texts. */
function migrationsOf(...texts: string[]): Migration[] {
  return texts.map((sql, index) => ({
    name: `0${index + 1}`,
    sql,
    sha256: createHash("sha256").update(sql).digest("hex"),
  }));
}

async function rowsOf(sql: string): Promise<unknown[]> {
  return withConnection(scratch, async (client) => (await client.query(sql)).rows);
}

test("the committed migrations lead to exactly the tables of the schema", async () => {
  expect(await pendingSchemaSql(url)).toBeNull();
});

test("a migrated database lacks nothing, and migrating it again changes nothing", async () => {
  expect(await applyMigrations(url)).toEqual([]);
  expect(await migrationStatus(url)).toEqual({ unapplied: [], unknown: [], changed: [] });
});

test("the client of this file speaks to the database of this file", async () => {
  const [row] = await db.$queryRaw<{ name: string }[]>`select current_database()::text as name`;
  expect(url).toContain(row?.name);
});

test("each migration is applied once, also when several processes start together", async () => {
  const migrations = migrationsOf("create table a ()", "create table b ()", "create table c ()");
  const applied = await Promise.all([1, 2, 3, 4].map(() => applyMigrations(scratch, migrations)));
  expect(applied.flat().sort()).toEqual(["01", "02", "03"]);
});

test("of a migration that fails nothing is left, and the ones before it stay", async () => {
  const [first, broken] = migrationsOf("create table a ()", "create table b (); select 1 / 0");
  await expect(applyMigrations(scratch, [first!, broken!])).rejects.toThrow(/^02 could not be applied/);
  expect(await rowsOf("select to_regclass('a') is not null as a, to_regclass('b') is not null as b")).toEqual(
    [{ a: true, b: false }],
  );
  const mended = migrationsOf("create table a ()", "create table b ()");
  expect(await applyMigrations(scratch, mended)).toEqual(["02"]);
});

test("a process that goes away in the middle leaves nothing half done and nobody waiting", async () => {
  const slow = migrationsOf("create table a (); select pg_sleep(60)");
  const gone = applyMigrations(scratch, slow).catch((error: Error) => error.message);
  const ended = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like '%pg_sleep(60)' and pid <> pg_backend_pid()`;
  await expect.poll(() => rowsOf(ended).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
  expect(await gone).toMatch(/^01 could not be applied/);
  expect(await applyMigrations(scratch, migrationsOf("create table a ()"))).toEqual(["01"]);
});

test("the status names what is not applied, what is not known and what was changed", async () => {
  await applyMigrations(scratch, migrationsOf("create table a ()", "create table b ()"));
  const [kept, changed] = migrationsOf("create table a ()", "create table b (c text)");
  const fresh = { ...kept!, name: "03" };
  expect(await migrationStatus(scratch, [changed!, fresh])).toEqual({
    unapplied: ["03"],
    unknown: ["01"],
    changed: ["02"],
  });
});

test("an empty database lacks every migration, and asking changes nothing in it", async () => {
  await createDatabase(scratch);
  const migrations = migrationsOf("create table a ()");
  expect(await migrationStatus(scratch, migrations)).toMatchObject({ unapplied: ["01"] });
  expect(await rowsOf("select from pg_class where relnamespace = 'public'::regnamespace")).toEqual([]);
});

test.each([
  ['create table "_prisma_migrations" ()', "was made by an earlier history of Offcut"],
  ["create table invoices ()", "holds things that Offcut did not make"],
  [`create type "Role" as enum ('clerk')`, "holds things that Offcut did not make"],
  ["create function pay() returns int language sql as 'select 1'", "holds things that Offcut did not make"],
  ["create schema pgboss", "holds things that Offcut did not make"],
])("a database made by others is refused with what to do: %s", async (made, reason) => {
  await createDatabase(scratch);
  await rowsOf(made);
  for (const attempt of [applyMigrations, migrationStatus]) {
    await expect(attempt(scratch)).rejects.toThrow(
      new RegExp(`${reason}.*: drop it .*, or name an empty one in DATABASE_URL`),
    );
  }
  expect(await rowsOf(`select to_regclass('"AppliedMigration"') as history`)).toEqual([{ history: null }]);
});

test.each([
  ["notaurl", "DATABASE_URL is not an address such as postgres://user:password@host:5432/offcut"],
  ["postgres://", "DATABASE_URL is not an address such as postgres://user:password@host:5432/offcut"],
  [
    "postgres://a:b@127.0.0.1:1/offcut",
    "The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED). Check DATABASE_URL.",
  ],
])("an address that leads nowhere is told in a sentence, without a password: %s", (address, sentence) => {
  const script = path.join(import.meta.dirname, "migrate.mjs");
  const env = { ...process.env, DATABASE_URL: address };
  const { status, stderr } = spawnSync(process.execPath, [script, "migrate"], { env, encoding: "utf8" });
  expect({ status, said: stderr.trim() }).toEqual({ status: 1, said: sentence });
});

test("an owner who may not join the log's role is told what an administrator has to do", async () => {
  const owner = scratchName("owner");
  await onServer(url, (server) => server.query(`create role ${owner} login createrole password 'open'`));
  const address = new URL(scratch);
  Object.assign(address, { username: owner, password: "open" });
  try {
    await createDatabase(scratch);
    await withConnection(scratch, (client) =>
      client.query(`alter database ${address.pathname.slice(1)} owner to ${owner}`),
    );
    // The role is there: the migrations of this file's database made it, under another owner.
    const refused = applyMigrations(address.href);
    const { rows } = await onServer(url, (server) => server.query("show server_version_num"));
    // Before PostgreSQL 16 whoever may make roles may join any.
    if (Number(rows[0].server_version_num) < 160_000) return void (await refused);
    await expect(refused).rejects.toThrow(
      `As an administrator of the server: CREATE ROLE offcut_sequencer, unless it is there; GRANT offcut_sequencer TO ${owner}`,
    );
    await onServer(url, (server) => server.query(`grant offcut_sequencer to ${owner}`));
    expect(await applyMigrations(address.href)).toContain("05_log");
  } finally {
    await dropDatabase(scratch);
    await onServer(url, (server) => server.query(`drop owned by ${owner}; drop role ${owner}`));
  }
});
