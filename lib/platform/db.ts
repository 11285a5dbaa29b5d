import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "@/prisma/generated/client";
import { env } from "./env";
import { inRequest, noteCommit } from "./request";

export type Tx = Prisma.TransactionClient;

const holder = globalThis as { offcutDb?: PrismaClient };

function connect(): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: env().DATABASE_URL,
    max: 12,
    // The adapter drops the offset of a timestamptz, so the session must keep UTC.
    options: "-c timezone=UTC",
  });
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 30_000 } });
}

/** The connection pool of this process, made at the first use and kept across hot reloads. */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    const client = (holder.offcutDb ??= connect());
    const value: unknown = Reflect.get(client, property, client);
    return typeof value === "function" ? value.bind(client) : value;
  },
});

const MAX_ATTEMPTS = 4;

/**
 * Runs `work` in one transaction, all or nothing, and repeats it when PostgreSQL reports a serialization failure
 * or a deadlock. `work` may therefore run more than once and must touch nothing but the database. While a request is in
 * hand, its receipt and its count of mails belong to the transaction: see `inRequest`.
 */
export async function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await db.$transaction((tx) => inRequest(tx, () => work(tx)));
      noteCommit();
      return result;
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isWriteConflict(error)) throw error;
    }
  }
}

/**
 * Reads everything as of one moment, however many queries it takes. Nothing may be written. Queries inside share one
 * connection, so whatever needs another one belongs before or after.
 */
export async function inSnapshot<T>(read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(read, { isolationLevel: "RepeatableRead" });
}

/** A conflict arrives in three shapes: P2034, P2010 with the driver's cause, and the bare driver error at COMMIT. */
function isWriteConflict(error: unknown): boolean {
  const { code, meta, cause } = (error ?? {}) as {
    code?: string;
    meta?: { driverAdapterError?: { cause?: { kind?: string; originalCode?: string } } };
    cause?: { kind?: string; originalCode?: string };
  };
  const driver = meta?.driverAdapterError?.cause ?? cause;
  return (
    code === "P2034" ||
    driver?.kind === "TransactionWriteConflict" ||
    driver?.originalCode === "40P01" ||
    driver?.originalCode === "40001"
  );
}

/** True when a unique constraint refused the write. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
