import { domains, isDomain, isTask, tasks } from "@/lib/catalogue/niche";
import { namesSection } from "@/lib/formats/model-card-text";
import type { DraftFacts } from "./draft-check";

/** A title for a draft without one: what its card is headed, or what it is about. */
export function draftedTitle({ fields, card, files }: Pick<DraftFacts, "fields" | "card" | "files">): string {
  const headings = card.replace(/^---[\s\S]*?\n---/, "").matchAll(/^#\s+(.{3,90})$/gm);
  for (const [, heading = ""] of headings) if (!namesSection(heading.trim())) return heading.trim();
  const task = isTask(fields.task) ? tasks[fields.task] : "Model";
  if (isDomain(fields.domain)) return `${task} for ${domains[fields.domain].toLowerCase()}`;
  return files[0]?.path.slice(0, 90) ?? task;
}
