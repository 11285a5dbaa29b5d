import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { type Mapping, suggestedMapping, wordsOf } from "../bank/csv-mapping";
import type { Table } from "../bank/csv-table";
import type { Movement, Statement } from "../bank/movement";
import { readingOfDraft } from "./read-statement";

export const LINES_PER_PAGE = 100;

export type StatementDraftView = {
  id: string;
  fileName: string;
  /** What became of it, once it was confirmed; null before. */
  outcome: string | null;
  /** The columns of a CSV that is not known, and what is said of them so far. */
  columns: ColumnsView | null;
  /** What confirming would record; null while that is not known. */
  reading: ReadingView | null;
  /** Why nothing can be confirmed yet. */
  problem: string | null;
};

export type ColumnsView = {
  mapping: Mapping;
  columns: { name: string; samples: string[] }[];
  /** The words of the side and status columns, which must each mean something. */
  words: { role: "side" | "status"; word: string }[];
};

export type ReadingView = {
  layout: string;
  account: string | null;
  creditMinor: bigint;
  credits: number;
  passed: number;
  /** One page of all lines, in the order of the file. */
  lines: Movement[];
  pages: number;
};

/** A file that the actor handed in, as it is read now, or what became of it; null for everybody else. */
export async function findStatementDraft(
  actor: Actor,
  draftId: string,
  page: number,
): Promise<StatementDraftView | null> {
  if (!hasRole(actor, "administrator")) return null;
  const draft = await db.statementDraft.findFirst({
    where: { id: draftId, uploadedById: actor.accountId },
  });
  if (!draft) return null;
  const { id, fileName, bytes, outcome } = draft;
  if (!bytes) return { id, fileName, outcome, columns: null, reading: null, problem: null };
  const mapping = draft.mapping as Mapping | null;
  const { statement, table, problem } = readingOfDraft(draft);
  return {
    ...{ id, fileName, outcome, problem: problem?.message ?? null },
    columns: table && columnsOf(table, mapping ?? suggestedMapping(table)),
    reading: statement && readingOf(statement, page),
  };
}

function columnsOf(table: Table, mapping: Mapping): ColumnsView {
  const words = (["side", "status"] as const).flatMap((role) =>
    wordsOf(table, mapping.roles, role).map((word) => ({ role, word })),
  );
  const samples = (at: number) => table.rows.slice(0, 3).map(({ cells }) => cells[at] ?? "");
  return { mapping, words, columns: table.header.map((name, at) => ({ name, samples: samples(at) })) };
}

function readingOf({ layout, account, credits, passed }: Statement, page: number): ReadingView {
  const all = [...credits, ...passed].sort((a, b) => a.line - b.line);
  const start = (page - 1) * LINES_PER_PAGE;
  return {
    ...{ layout, account, credits: credits.length, passed: passed.length },
    creditMinor: credits.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    lines: all.slice(start, start + LINES_PER_PAGE),
    pages: Math.max(1, Math.ceil(all.length / LINES_PER_PAGE)),
  };
}
