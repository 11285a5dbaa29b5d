import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { SHARED_QUEUES } from "../database/queues.mjs";
import { type Manifest, digestOf, tableFile } from "./manifest";

/**
 * The rows of a database as PostgreSQL's own COPY writes them, so that no client program of the server's major is
 * needed, and what is read in is put into tables that this release's migrations made.
 */

type TableEntry = Manifest["tables"][number];
type Table = Pick<TableEntry, "schema" | "name" | "columns">;

const HISTORY = "AppliedMigration";
/** Of the queue library's tables: what was asked for and must not be forgotten. Its clocks begin anew. */
const JOBS = { schema: "pgboss", name: "job" };

const quoted = pg.escapeIdentifier;
const nameOf = ({ schema, name }: Pick<Table, "schema" | "name">) => `${quoted(schema)}.${quoted(name)}`;
const listOf = (columns: readonly string[]) => columns.map(quoted).join(", ");

/** Every table that is backed up, with its columns, in the order of names. */
async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE (n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> $1)
        OR (n.nspname = $2 AND c.relname = $3)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [HISTORY, JOBS.schema, JOBS.name],
  );
  return rows;
}

/** Writes every table into `folder`, as the transaction of `client` sees it. */
export async function dumpTables(client: pg.Client, folder: string): Promise<TableEntry[]> {
  const entries: TableEntry[] = [];
  for (const table of await listTables(client)) {
    const file = path.join(folder, tableFile(table));
    const rows = `SELECT ${listOf(table.columns)} FROM ${nameOf(table)}`;
    const isJobs = table.schema === JOBS.schema;
    const queues = SHARED_QUEUES.map((queue) => pg.escapeLiteral(queue)).join(", ");
    // The rows end before the statement does, which says how many there were.
    const isOver = once(client, "drain");
    const source = client.query(
      copyTo(`COPY (${rows}${isJobs ? ` WHERE name IN (${queues})` : ""}) TO STDOUT`),
    );
    await pipeline(source, createWriteStream(file, { flags: "wx", mode: 0o600, flush: true }));
    await isOver;
    entries.push({ ...table, rows: source.rowCount, ...(await digestOf(file)) });
  }
  return entries;
}

/** How far every sequence has come. Read after the rows, so that no number of theirs is given out again. */
export async function readSequences(client: pg.Client): Promise<Manifest["sequences"]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const sequences: Manifest["sequences"] = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ lastValue: string; isCalled: boolean }>(
      `SELECT last_value AS "lastValue", is_called AS "isCalled" FROM ${nameOf({ schema: "public", name })}`,
    );
    sequences.push({ name, ...state[0]! });
  }
  return sequences;
}

/**
 * Fills the empty tables of a migrated database, all or nothing. The rules of rows are off meanwhile, because they
 * are about how rows come to be; foreign keys are taken away and made anew, which compares every one of them.
 */
export async function loadTables(client: pg.Client, folder: string, manifest: Manifest): Promise<void> {
  const { tables, sequences } = manifest;
  const own = tables.filter(({ schema }) => schema === "public");
  await client.query("BEGIN");
  try {
    const { rows: foreignKeys } = await client.query<{ table: string; name: string; definition: string }>(
      `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY conname`,
    );
    for (const { table, name } of foreignKeys)
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    for (const table of own) await client.query(`ALTER TABLE ${nameOf(table)} DISABLE TRIGGER USER`);
    for (const table of tables) {
      const target = `COPY ${nameOf(table)} (${listOf(table.columns)}) FROM STDIN`;
      await pipeline(createReadStream(path.join(folder, tableFile(table))), client.query(copyFrom(target)));
    }
    for (const table of own) await client.query(`ALTER TABLE ${nameOf(table)} ENABLE TRIGGER USER`);
    for (const { table, name, definition } of foreignKeys)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    for (const { name, lastValue, isCalled } of sequences)
      await client.query("SELECT setval($1::regclass, $2, $3)", [
        nameOf({ schema: "public", name }),
        lastValue,
        isCalled,
      ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** The tables with another number of rows than was backed up. */
export async function tablesThatDiffer(client: pg.Client, tables: readonly TableEntry[]): Promise<string[]> {
  const differing: string[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${nameOf(table)}`);
    if (Number(rows[0]?.count) !== table.rows) differing.push(table.name);
  }
  return differing;
}

/** The sequences that would give out a number again which a row has already. */
export async function sequencesBehind(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
    `SELECT s.oid::regclass::text AS sequence, d.refobjid::regclass::text AS table, quote_ident(a.attname) AS column
     FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace`,
  );
  const behind: string[] = [];
  for (const { sequence, table, column } of rows) {
    const { rows: found } = await client.query<{ isBehind: boolean }>(
      `SELECT coalesce((SELECT max(${column}) FROM ${table}), 0) > (SELECT last_value FROM ${sequence}) AS "isBehind"`,
    );
    if (found[0]?.isBehind) behind.push(sequence);
  }
  return behind;
}
