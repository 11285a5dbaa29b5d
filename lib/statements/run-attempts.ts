import { evaluationKind, evaluationPredicateSchema } from "./kinds/evaluation";
import { attemptPredicateSchema, runAttemptKind } from "./kinds/run-attempt";
import type { Statement } from "./statement";

/** Runs of files that somebody asked for here: each is in `begun` and in at most one other. */
export type AttemptCounts = { begun: number; published: number; cancelled: number; failed: number };

/** Counts the runs among the statements of the log about some files. */
export function countAttempts(logged: readonly { envelope: string; statement: Statement }[]): AttemptCounts {
  const begun = new Set<string>();
  const ended = new Map<string, "published" | "cancelled" | "failed">();
  for (const { envelope, statement } of logged) {
    if (statement.predicateType === runAttemptKind.predicateType) {
      const said = attemptPredicateSchema.safeParse(statement.predicate).data?.attempt;
      if (said?.event === "begun") begun.add(envelope);
      else if (said) ended.set(said.begun, said.event);
    } else if (statement.predicateType === evaluationKind.predicateType) {
      const attempt = evaluationPredicateSchema.safeParse(statement.predicate).data?.run?.attempt;
      if (attempt !== undefined) ended.set(attempt, "published");
    }
  }
  const count = (how: string) => [...begun].filter((attempt) => ended.get(attempt) === how).length;
  return {
    begun: begun.size,
    published: count("published"),
    cancelled: count("cancelled"),
    failed: count("failed"),
  };
}

/** "4 started, 3 published, 1 cancelled"; what is none is left out but for the first two. */
export function attemptsText({ begun, published, cancelled, failed }: AttemptCounts): string {
  const said = (count: number, word: string) => (count > 0 ? [`${count.toLocaleString("en")} ${word}`] : []);
  const first = [`${begun.toLocaleString("en")} started`, `${published.toLocaleString("en")} published`];
  return [...first, ...said(cancelled, "cancelled"), ...said(failed, "failed")].join(", ");
}
