import "server-only";
import { evaluationKind, evaluationPredicateSchema } from "@/lib/statements/kinds/evaluation";
import { runAttemptKind } from "@/lib/statements/kinds/run-attempt";
import { listStatementsAbout } from "./statements-about";

/** Runs of files that somebody asked for here, as the log has them. */
export type AttemptCounts = {
  begun: number;
  published: number;
  cancelled: number;
  failed: number;
  /** Still going on, or counted and not published. */
  other: number;
};

/** Counts them in the published log; null before it holds any. Public. */
export async function countAttempts(modelDigest: string): Promise<AttemptCounts | null> {
  const about = await listStatementsAbout(modelDigest);
  const published = new Set<string>();
  const ended = new Map<string, string>();
  const begun = new Set<string>();
  for (const { statement, envelope } of about?.statements ?? []) {
    if (statement.predicateType === evaluationKind.predicateType) {
      const attempt = evaluationPredicateSchema.safeParse(statement.predicate).data?.run?.attempt;
      if (attempt !== undefined) published.add(attempt);
    }
    if (statement.predicateType !== runAttemptKind.predicateType) continue;
    const said = statement.predicate as { event: string; begun?: string };
    if (said.event === "begun") begun.add(envelope);
    else ended.set(said.begun ?? "", said.event);
  }
  if (begun.size === 0) return null;
  const count = (isSo: (attempt: string) => boolean) => [...begun].filter(isSo).length;
  const counts = {
    published: count((attempt) => published.has(attempt)),
    cancelled: count((attempt) => ended.get(attempt) === "cancelled"),
    failed: count((attempt) => ended.get(attempt) === "failed"),
  };
  const { published: shown, cancelled, failed } = counts;
  return { begun: begun.size, ...counts, other: begun.size - shown - cancelled - failed };
}
