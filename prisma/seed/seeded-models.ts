import "server-only";
import { db } from "@/lib/platform/db";

/** The audit action that marks a demo model as listed, written with its listing. */
export const MODEL_LISTED = "demo_model_listed";

/** Slugs of the demo models that have been listed already, whatever became of their listings since. */
export async function listSeededModels(): Promise<Set<string>> {
  const events = await db.auditEvent.findMany({
    where: { action: MODEL_LISTED, subjectKind: "demo_model" },
    select: { subjectId: true },
  });
  return new Set(events.map(({ subjectId }) => subjectId));
}
