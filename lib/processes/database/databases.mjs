import { randomBytes } from "node:crypto";
import pg from "pg";

/** Whole databases of one server: made, copied and dropped by their address. */

/** The same server and credentials, another database. */
export function withDatabaseName(url, name) {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

/** The database that an address names. */
export function databaseNameOf(url) {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** A name that no other process has, readable in a list of databases. */
export function scratchName(purpose) {
  return `offcut_${purpose}_${Date.now().toString(36)}_${randomBytes(4).toString("hex")}`;
}

/** Runs `work` with one connection and closes it whatever happens. */
export async function withConnection(url, work) {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away between two queries must not end this process; the next query reports it.
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` on the server's own `postgres` database, where databases are made and dropped. */
export function onServer(url, work) {
  return withConnection(withDatabaseName(url, "postgres"), work);
}

/** Makes the database that `url` names unless it is there. Several processes may call it together. */
export async function ensureDatabase(url) {
  try {
    await withConnection(url, (client) => client.query("select 1"));
  } catch (error) {
    if (error.code !== "3D000") throw error;
    await onServer(url, (server) =>
      server.query(`create database ${pg.escapeIdentifier(databaseNameOf(url))}`).catch((refusal) => {
        // 42P04 and 23505: another process made it first.
        if (!["42P04", "23505"].includes(refusal.code)) throw refusal;
      }),
    );
  }
}

/** Makes an empty database or a copy of `template`, which nobody may be connected to. */
export async function createDatabase(url, template = "template0") {
  const name = pg.escapeIdentifier(databaseNameOf(url));
  await onServer(url, (server) =>
    server.query(`create database ${name} template ${pg.escapeIdentifier(template)}`),
  );
}

/** Drops the database that `url` names, ending whatever is still connected to it. */
export async function dropDatabase(url) {
  const name = pg.escapeIdentifier(databaseNameOf(url));
  await onServer(url, (server) => server.query(`drop database if exists ${name} with (force)`));
}
