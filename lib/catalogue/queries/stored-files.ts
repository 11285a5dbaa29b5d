import "server-only";
import type { ClientBase } from "pg";
import { z } from "zod";
import { type Tx, db } from "@/lib/platform/db";
import { Prisma, type StoredFile } from "@/prisma/generated/client";

/** What a stored file is; where its bytes lie stays here. */
export type StoredFileFacts = Pick<StoredFile, "id" | "ownerId" | "sha256" | "sizeBytes" | "format">;

/** Stored files by their ids; those that do not exist are left out. One query for any number. */
export async function storedFilesById(
  storedFileIds: Iterable<string>,
  tx: Pick<Tx, "storedFile"> = db,
): Promise<Map<string, StoredFileFacts>> {
  const rows = await tx.storedFile.findMany({
    where: { id: { in: [...new Set(storedFileIds)] } },
    select: { id: true, ownerId: true, sha256: true, sizeBytes: true, format: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** What was found in stored files when they were kept, by their ids. */
export async function structuresOfStoredFiles(
  storedFileIds: Iterable<string>,
): Promise<Map<string, unknown>> {
  const rows = await db.storedFile.findMany({
    where: { id: { in: [...new Set(storedFileIds)] } },
    select: { id: true, structure: true },
  });
  return new Map(rows.map(({ id, structure }) => [id, structure]));
}

/** The files that stored files name as the parts of a model, by the id of each that is an index of weights. */
export async function shardsOfStoredFiles(
  storedFileIds: Iterable<string>,
  tx: Pick<Tx, "storedFile"> = db,
): Promise<Map<string, string[]>> {
  const rows = await tx.storedFile.findMany({
    where: {
      id: { in: [...new Set(storedFileIds)] },
      format: "text",
      structure: { path: ["shards"], not: Prisma.AnyNull },
    },
    select: { id: true, structure: true },
  });
  return new Map(rows.map(({ id, structure }) => [id, shardsIn.parse(structure).shards]));
}

const shardsIn = z.object({ shards: z.array(z.string()) });

/** A stored file of an account with this digest, or null. */
export async function findOwnFile(
  tx: Pick<Tx, "storedFile">,
  ownerId: string,
  sha256: string,
): Promise<{ id: string } | null> {
  return tx.storedFile.findFirst({ where: { ownerId, sha256 }, select: { id: true } });
}

/** Which of these places in storage belong to a stored file. One query for any number. */
export async function storageKeysInUse(storageKeys: readonly string[]): Promise<Set<string>> {
  const rows = await db.storedFile.findMany({
    where: { storageKey: { in: [...storageKeys] } },
    select: { storageKey: true },
  });
  return new Set(rows.map(({ storageKey }) => storageKey));
}

/** Where the bytes of a stored file lie, and what they are once opened. */
export type StoredObjectRow = { storageKey: string; sha256: string; sizeBytes: bigint };

/** Every stored file, as the transaction of `client` sees it, in the order of their places. */
export async function listStoredObjects(client: Pick<ClientBase, "query">): Promise<StoredObjectRow[]> {
  const { rows } = await client.query<Record<keyof StoredObjectRow, string>>(
    `SELECT "storageKey", sha256, "sizeBytes" FROM "StoredFile" ORDER BY "storageKey"`,
  );
  return rows.map((row) => ({ ...row, sizeBytes: BigInt(row.sizeBytes) }));
}

/** SQL for the stored files that no version holds, by `id`, `"storageKey"` and `"createdAt"`: a relation to choose from. */
export const filesOfNoVersion = Prisma.sql`(
  SELECT id, "storageKey", "createdAt" FROM "StoredFile" AS file
  WHERE NOT EXISTS (SELECT 1 FROM "VersionFile" WHERE "storedFileId" = file.id))`;
