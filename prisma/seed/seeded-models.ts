import "server-only";
import { listAudited } from "@/lib/platform/audit";

/** The audit action that marks a demo model as listed, written with its listing. */
export const MODEL_LISTED = "demo_model_listed";

/** Slugs of the demo models that have been listed already, whatever became of their listings since. */
export async function listSeededModels(): Promise<Set<string>> {
  return listAudited(MODEL_LISTED, "demo_model");
}
