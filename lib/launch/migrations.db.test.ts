import { expect, test } from "vitest";
import { applyMigrations, migrationStatus, pendingSchemaSql } from "./migrate.mjs";
import { db } from "@/lib/platform/db";

const url = process.env.DATABASE_URL ?? "";

test("the committed migrations lead to exactly the tables of the schema", async () => {
  expect(await pendingSchemaSql(url)).toBeNull();
});

test("a migrated database lacks nothing, and migrating it again changes nothing", async () => {
  expect(await applyMigrations(url)).toEqual([]);
  expect((await migrationStatus(url)).history).toBeNull();
});

test("the client of this file speaks to the database of this file", async () => {
  const [row] = await db.$queryRaw<{ name: string }[]>`select current_database()::text as name`;
  expect(url).toContain(row?.name);
});
