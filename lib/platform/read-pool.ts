import "server-only";
import pg from "pg";
import { env } from "./env";
import { log } from "./log";

const holder = globalThis as { offcutReadPool?: pg.Pool };

/**
 * Connections for reading by hand-written SQL, where an ORM would cost more than the query. They cannot write.
 * Plans are always made for the values at hand: a generic plan drops the full-text index from a search.
 */
export function readPool(): pg.Pool {
  holder.offcutReadPool ??= openReadPool(env().DATABASE_URL);
  return holder.offcutReadPool;
}

export function openReadPool(connectionString: string, { isReadOnly = true } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 8,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    options: `-c timezone=UTC -c plan_cache_mode=force_custom_plan -c jit=off -c max_parallel_workers_per_gather=0 ${isReadOnly ? "-c default_transaction_read_only=on -c statement_timeout=15s" : ""}`,
  });
  pool.on("error", (error) => log.warn({ error: String(error) }, "an idle read connection ended"));
  return pool;
}
