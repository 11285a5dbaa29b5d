import "server-only";
import type { Tx } from "@/lib/platform/db";
import { bitsOf, type BlockBits, type IndexedListing } from "../tag-bits";

/** How many changed listings one fold takes; the rest waits for the next one. */
const FOLD_LISTINGS = 20_000;

/** Any fixed number does. */
const FOLD_LOCK = 7_261_502_017n;

/**
 * Writes the bits of changed listings and takes them off the list of changes, in one transaction: a reader sees
 * either the change or its bits, never both and never neither. Returns how many were folded in.
 *
 * A change whose writer has not committed is skipped; one that comes while this runs waits and is listed anew.
 */
export async function foldSearchChanges(tx: Tx): Promise<number> {
  const [lock] = await tx.$queryRaw<
    { taken: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(${FOLD_LOCK}) AS taken`;
  if (!lock?.taken) return 0;
  const changes = await tx.$queryRaw<{ searchId: number }[]>`
    SELECT "searchId" FROM "SearchChange" ORDER BY "searchId" LIMIT ${FOLD_LISTINGS} FOR UPDATE SKIP LOCKED`;
  if (changes.length === 0) return 0;
  const ids = changes.map((change) => change.searchId);
  const listings = await tx.$queryRaw<IndexedListing[]>`
    SELECT "searchId", tags FROM "Listing" WHERE "searchId" = ANY(${ids}::int[])`;
  for (const block of bitsOf(listings)) await writeBlock(tx, block);
  await tx.$executeRaw`DELETE FROM "SearchChange" WHERE "searchId" = ANY(${ids}::int[])`;
  return changes.length;
}

/** Clears the block's changed listings out of every tag, then sets them in the tags they carry now. */
async function writeBlock(tx: Tx, { block, listed, tags }: BlockBits): Promise<void> {
  await tx.$executeRaw`
    WITH changed AS (SELECT ('x' || ${listed})::bit(32768) AS bits)
    UPDATE "TagBits" t SET bits = t.bits & ~changed.bits FROM changed
    WHERE t.block = ${block} AND bit_count(t.bits & changed.bits) > 0`;
  const numbers = [...tags.keys()];
  await tx.$executeRaw`
    INSERT INTO "TagBits" (tag, block, bits)
    SELECT n.tag, ${block}, ('x' || n.hex)::bit(32768)
    FROM unnest(${numbers}::int[], ${[...tags.values()]}::text[]) AS n(tag, hex)
    ON CONFLICT (tag, block) DO UPDATE SET bits = "TagBits".bits | excluded.bits`;
}
