import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { modules, root } from "./places.mjs";

/** Prisma's migration engine as WebAssembly, so that no binary has to be downloaded. */

export const migrationsDirectory = path.join(root, "prisma", "migrations");
export const noFilter = { externalTables: [], externalEnums: [] };

/** The bindings expect a bundler to hand them the compiled module; here it is done once per process. */
let compiled;
globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error(message) };
function instantiate() {
  compiled ??= (async () => {
    // The package exports no path to the binary, only to the script beside it.
    const binary = path.join(modules, "@prisma", "schema-engine-wasm", "schema_engine_bg.wasm");
    const bytes = await readFile(binary);
    const imports = { ...bindings };
    // The engine's timer for its lock is never taken back and would keep the process for ten seconds.
    const timer = Object.keys(bindings).find((name) => name.startsWith("__wbg_setTimeout_"));
    imports[timer] = (callback, milliseconds) => setTimeout(callback, milliseconds >>> 0).unref();
    const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": imports });
    bindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return compiled;
}

/** Held by the transaction of a migration: the server may still run it after its client was killed. */
export const SCRIPT_LOCK = 7_261_502_002n;

/** The object identifiers of PostgreSQL's one-byte "char", which its system tables use, and of text. */
const ONE_BYTE_CHAR = 18;
const TEXT = 25;

/**
 * Prisma's adapter cuts a script at every semicolon, also inside the body of a function, and refuses
 * "char" columns. Migrations hold functions, and the engine reads system tables.
 */
class MigrationAdapterFactory extends PrismaPg {
  migrations = [];

  /** A migration is marked as finished in its own transaction, so that it is there whole or not at all. */
  completing(script) {
    if (!this.migrations.includes(script)) return script;
    const finish = "finished_at = now() where finished_at is null and rolled_back_at is null";
    return `select pg_advisory_xact_lock(${SCRIPT_LOCK});${script}\n;update "_prisma_migrations" set ${finish}`;
  }

  async connect() {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    adapter.executeScript = async (script) => {
      // One message to the server is one transaction, unless the script says otherwise itself.
      await pool.query(this.completing(script)).catch((error) => adapter.onError(error));
    };
    const queryRaw = adapter.queryRaw;
    adapter.queryRaw = async (query) => {
      const { fields, ...result } = await adapter.performIO(query);
      const isChar = fields.map((field) => field.dataTypeID === ONE_BYTE_CHAR);
      const readable = fields.map((field, i) => (isChar[i] ? { ...field, dataTypeID: TEXT } : field));
      const answered = Object.create(adapter, {
        performIO: { value: async () => ({ ...result, fields: readable }) },
      });
      const answer = await queryRaw.call(answered, query);
      const columnTypes = answer.columnTypes.map((type, i) => (isChar[i] ? ColumnTypeEnum.Character : type));
      return { ...answer, columnTypes };
    };
    return adapter;
  }
}

/** Runs `work` with an engine connected to `connectionString`, and frees it whatever happens. */
export async function withSchemaEngine(connectionString, work) {
  await instantiate();
  const pool = new pg.Pool({ connectionString });
  const factory = new MigrationAdapterFactory(pool);
  const { migrationDirectories } = await migrationsOnDisk();
  factory.migrations = migrationDirectories.map((directory) => directory.migrationFile.content.value);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const datamodels = (await schemaFiles()).map((file) => [file.path, file.content]);
  let engine;
  try {
    engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter);
    return await work(engine);
  } finally {
    engine?.free();
    await pool.end();
  }
}

/** Every file of the Prisma schema, in a fixed order. */
export async function schemaFiles() {
  const directory = path.join(root, "prisma", "schema");
  const names = (await readdir(directory)).filter((name) => name.endsWith(".prisma")).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: path.join(directory, name),
      content: await readFile(path.join(directory, name), "utf8"),
    })),
  );
}

/** The migrations of the repository, oldest first, in the shape that the engine reads. */
export async function migrationsOnDisk() {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(path.join(migrationsDirectory, name, "migration.sql"), "utf8");
      return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok", value: content } } };
    }),
  );
  const lockPath = path.join(migrationsDirectory, "migration_lock.toml");
  const content = await readFile(lockPath, "utf8").catch(() => null);
  return {
    baseDir: migrationsDirectory,
    lockfile: { path: "migration_lock.toml", content },
    shadowDbInitScript: "",
    migrationDirectories,
  };
}
