import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { dropDatabase, onServer, scratchName, withDatabaseName } from "./databases.mjs";
import { applyMigrations, migrationsOnDisk } from "./migrate.mjs";
import { startPostgres } from "./postgres.mjs";

/**
 * Vitest runs this once before the tests that need PostgreSQL: it finds or starts a server and keeps one
 * database with every migration applied, which each test file then copies.
 */
export default async function prepareTemplate(project) {
  const server = await testServer();
  try {
    project.provide("templateUrl", await templateDatabase(server.url));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server.stop;
}

/** The server named by TEST_DATABASE_URL or DATABASE_URL, or one that lives as long as the test run. */
async function testServer() {
  const given = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const directory = await mkdtemp(path.join(tmpdir(), "offcut-tests-"));
  // A crash of the machine may cost this server its data, and nobody would mind.
  const flags = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"].flatMap((f) => ["-c", f]);
  const server = await startPostgres({ directory, flags });
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { url: server.url("postgres"), stop };
}

/**
 * The address of a database with exactly these migrations. Its name says which, so that later runs find it;
 * it gets that name only when it is complete.
 */
async function templateDatabase(serverUrl) {
  const digest = createHash("sha256")
    .update(JSON.stringify(await migrationsOnDisk()))
    .digest("hex");
  const name = `offcut_template_${digest.slice(0, 16)}`;
  const template = withDatabaseName(serverUrl, name);
  if (await databaseExists(serverUrl, name)) return template;

  const draftName = scratchName("template");
  const draft = withDatabaseName(serverUrl, draftName);
  await applyMigrations(draft);
  try {
    await onServer(serverUrl, (server) => server.query(`alter database ${draftName} rename to ${name}`));
  } catch (error) {
    await dropDatabase(draft);
    // Another run of the same migrations was faster.
    if (error.code !== "42P04") throw error;
  }
  return template;
}

async function databaseExists(serverUrl, name) {
  const { rowCount } = await onServer(serverUrl, (server) =>
    server.query("select 1 from pg_database where datname = $1", [name]),
  );
  return rowCount > 0;
}
