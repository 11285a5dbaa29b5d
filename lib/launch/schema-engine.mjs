import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import pg from "pg";
import { root } from "./places.mjs";

/** Prisma's engine as WebAssembly, so that no binary has to be downloaded; it compares and never writes. */

/** The object identifiers of PostgreSQL's one-byte "char", which its system tables use, and of text. */
const ONE_BYTE_CHAR = 18;
const TEXT = 25;

/** Prisma's adapter refuses "char" columns, and the engine reads system tables. */
class ReadingAdapterFactory extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const { queryRaw } = adapter;
    adapter.queryRaw = async (query) => {
      const { fields, ...result } = await adapter.performIO(query);
      const isChar = fields.map((field) => field.dataTypeID === ONE_BYTE_CHAR);
      const readable = fields.map((field, i) => (isChar[i] ? { ...field, dataTypeID: TEXT } : field));
      const performIO = async () => ({ ...result, fields: readable });
      const answer = await queryRaw.call({ performIO }, query);
      const columnTypes = answer.columnTypes.map((type, i) => (isChar[i] ? ColumnTypeEnum.Character : type));
      return { ...answer, columnTypes };
    };
    return adapter;
  }
}

/** Where the engine leaves the words of its last fault. */
globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error(message) };

/** The SQL from the database at `connectionString` to the Prisma schema, or null when they agree. */
export async function sqlToSchema(connectionString, tablesOfOurOwn) {
  const files = await schemaFiles();
  const datamodels = files.map((file) => [file.path, file.content]);
  const pool = new pg.Pool({ connectionString });
  const adapter = bindMigrationAwareSqlAdapterFactory(new ReadingAdapterFactory(pool));
  const engine = await SchemaEngine.new({ datamodels }, () => {}, adapter);
  try {
    const { exitCode, stdout } = await engine.diff({
      // The engine reads the database that its adapter is connected to.
      from: { tag: "schemaDatasource", files, configDir: root },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: { externalTables: tablesOfOurOwn, externalEnums: [] },
    });
    return exitCode === 0 ? null : stdout;
  } finally {
    engine.free();
    await pool.end();
  }
}

async function schemaFiles() {
  const directory = path.join(root, "prisma", "schema");
  const names = (await readdir(directory)).filter((name) => name.endsWith(".prisma")).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: path.join(directory, name),
      content: await readFile(path.join(directory, name), "utf8"),
    })),
  );
}
