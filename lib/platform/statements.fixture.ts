import pg from "pg";
import { vi } from "vitest";

/** How many statements the database is sent while `work` runs, those that begin and end transactions among them. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  return (await listStatements(work)).length;
}

/** The same, as text. */
export async function listStatements(work: () => Promise<unknown>): Promise<string[]> {
  const sent = vi.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    return sent.mock.calls.map(([query]: unknown[]) => textOf(query));
  } finally {
    sent.mockRestore();
  }
}

function textOf(query: unknown): string {
  return typeof query === "string" ? query : (query as { text: string }).text;
}
