import { answerKind } from "./kinds/answer";
import { isAdverse, mayWithdraw, subjectDigestsOf, withdrawnEnvelopeOf } from "./kinds";
import type { Statement } from "./statement";

/** A statement of the log whose signature holds: its envelope's SHA-256 and the id of the key that signed it. */
export type LoggedStatement = { envelope: string; keyId: string; statement: Statement };

export type Judged<Entry extends LoggedStatement> = Entry & {
  /** It speaks against the model, its listing or its seller. */
  adverse: boolean;
  /** The envelope of the first statement by the same speaker that takes it back; null while it stands. */
  withdrawnBy: string | null;
  /** The envelopes of answers to it. They stand beside it and change nothing. */
  answeredBy: string[];
};

export type Completeness<Entry extends LoggedStatement> = {
  total: number;
  adverse: number;
  withdrawn: number;
  /** In the order given. */
  statements: Judged<Entry>[];
};

/**
 * Those of a log's statements that are about these files, in the log's order: the model's digest is among their
 * subjects, or they take back or answer one of which that is true. Everybody who has read the whole log finds the same.
 */
export function statementsAbout<Entry extends LoggedStatement>(
  modelDigest: string,
  log: readonly Entry[],
): Entry[] {
  const about = new Set<string>();
  for (const { envelope, statement } of log)
    if (subjectDigestsOf(statement)?.includes(modelDigest)) about.add(envelope);
  const named = new Set(about);
  for (const { envelope, statement } of log) {
    const other = withdrawnEnvelopeOf(statement) ?? answeredEnvelopeOf(statement);
    if (other !== null && named.has(other)) about.add(envelope);
  }
  return log.filter(({ envelope }) => about.has(envelope));
}

/**
 * Counts statements about the same files, in the log's order: how many there are, how many of them are adverse and
 * how many their own speaker took back. A statement that is adverse and withdrawn counts in both, so nothing leaves the
 * first count. Taking a withdrawal back revives nothing: what was withdrawn would be signed anew.
 */
export function completenessOf<Entry extends LoggedStatement>(
  statements: readonly Entry[],
): Completeness<Entry> {
  const withdrawals = byEnvelope(statements, withdrawnEnvelopeOf);
  const answers = byEnvelope(statements, answeredEnvelopeOf);
  const judged = statements.map((entry) => ({
    ...entry,
    adverse: isAdverse(entry.statement),
    withdrawnBy:
      withdrawals.get(entry.envelope)?.find((other) => mayWithdraw(other, entry))?.envelope ?? null,
    answeredBy: (answers.get(entry.envelope) ?? []).map(({ envelope }) => envelope),
  }));
  return {
    total: judged.length,
    adverse: judged.filter(({ adverse }) => adverse).length,
    withdrawn: judged.filter(({ withdrawnBy }) => withdrawnBy !== null).length,
    statements: judged,
  };
}

/** The envelope that a statement answers; null when it answers none. */
export function answeredEnvelopeOf(statement: Statement): string | null {
  if (statement.predicateType !== answerKind.predicateType) return null;
  const answer = answerKind.schema.safeParse(statement.predicate);
  return answer.success ? (answer.data as { answers: string }).answers : null;
}

/** Statements by the envelope that they speak of, each list in the order given. */
function byEnvelope<Entry extends LoggedStatement>(
  statements: readonly Entry[],
  namedBy: (statement: Statement) => string | null,
): Map<string, Entry[]> {
  const named = new Map<string, Entry[]>();
  for (const entry of statements) {
    const envelope = namedBy(entry.statement);
    if (envelope === null) continue;
    const others = named.get(envelope);
    if (others) others.push(entry);
    else named.set(envelope, [entry]);
  }
  return named;
}
