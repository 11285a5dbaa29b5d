import "server-only";
import { Client } from "pg";
import { env } from "@/lib/platform/env";

/** Any fixed number does; every process that fills this database asks for the same one. */
const SEED_LOCK = 7_261_502_014;

/**
 * Runs `work` while no other process fills the same database: whoever comes second waits, then finds it done. The lock
 * belongs to a connection of its own, so that it ends with the process, however that ends.
 */
export async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [SEED_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}
