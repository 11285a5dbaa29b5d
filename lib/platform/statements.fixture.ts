import pg from "pg";
import { vi } from "vitest";

/** How many statements the database is sent while `work` runs, those that begin and end transactions among them. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
