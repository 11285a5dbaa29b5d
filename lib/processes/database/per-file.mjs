import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, inject } from "vitest";
import { createDatabase, databaseNameOf, dropDatabase, scratchName, withDatabaseName } from "./databases.mjs";

/** Gives each test file its own database and its own data folder, and takes them away afterwards. */

const template = inject("templateUrl");
const url = withDatabaseName(template, scratchName("test"));
const dataDirectory = await mkdtemp(path.join(tmpdir(), "offcut-test-data-"));
await createDatabase(url, databaseNameOf(template));

// Read by lib/platform/env.ts at its first use, which is after this file.
Object.assign(process.env, {
  DATABASE_URL: url,
  DATA_DIR: dataDirectory,
  APP_ORIGIN: "http://localhost:3000",
  NEXTAUTH_URL: "http://localhost:3000",
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
  OFFCUT_MASTER_KEY: randomBytes(32).toString("hex"),
  OFFCUT_DEMO: "1",
  LOG_LEVEL: "silent",
});

afterAll(async () => {
  await globalThis.offcutDb?.$disconnect();
  await dropDatabase(url);
  await rm(dataDirectory, { recursive: true, force: true });
});
