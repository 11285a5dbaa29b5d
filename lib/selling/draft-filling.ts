import { type DraftFields, MAX_DRAFT_ROWS, emptyDraft } from "@/lib/catalogue/draft-fields";
import { type NotMapped } from "@/lib/shared/cursor";

export type Filling = {
  fields: DraftFields;
  /** Labels of the fields that were empty and are filled now. */
  filled: string[];
  /** What the file says of fields that hold something else already: they stay as they are. */
  left: NotMapped[];
};

/** Fields that a file can fill, as the draft's page calls them. */
const labels: Partial<Record<keyof DraftFields, string>> = {
  title: "Title",
  summary: "In one or two sentences",
  description: "More about it",
  task: "Task",
  domain: "Input is about",
  languages: "Languages",
  licenceSpdx: "Licence it came with",
  baseModels: "Made from these models",
  dataOrigins: "Data origins",
};

/**
 * Puts what a file says into the fields that are still empty; what the seller wrote is never replaced, and the
 * difference is listed. Data origins of another name join those that are there.
 */
export function fillFields(stored: DraftFields, found: Partial<DraftFields>): Filling {
  const { dataOrigins = [], ...rest } = found;
  const fields: Record<string, unknown> = { ...stored };
  const filled: string[] = [];
  const left: NotMapped[] = [];
  for (const [name, value] of Object.entries(rest)) {
    const key = name as keyof DraftFields;
    const label = labels[key];
    if (label === undefined || isEmpty(key, value)) continue;
    if (isEmpty(key, stored[key])) {
      fields[key] = value;
      filled.push(label);
    } else if (sameText(value, stored[key])) continue;
    else left.push(standing(label, String(value), String(stored[key])));
  }
  const origins = joinOrigins(stored.dataOrigins, dataOrigins, left);
  if (origins.length > stored.dataOrigins.length) filled.push("Data origins");
  return {
    fields: { ...(fields as DraftFields), dataOrigins: origins, fillings: stored.fillings + 1 },
    filled,
    left,
  };
}

function joinOrigins(
  stored: DraftFields["dataOrigins"],
  found: DraftFields["dataOrigins"],
  left: NotMapped[],
): DraftFields["dataOrigins"] {
  const origins = stored.filter(({ name }) => name.trim() !== "");
  for (const origin of found) {
    const known = origins.find(({ name }) => sameText(name, origin.name));
    const reason =
      known && saysMore(origin, known)
        ? "A data origin of this name is in the draft; it stays."
        : !known && origins.length >= MAX_DRAFT_ROWS
          ? `A draft holds at most ${MAX_DRAFT_ROWS} data origins.`
          : null;
    if (reason !== null) left.push({ path: "Data origins", value: origin.name, reason });
    else if (!known && origin.name.trim() !== "") origins.push(origin);
  }
  return origins.length > stored.length ? origins : [...stored];
}

function saysMore(found: DraftFields["dataOrigins"][number], known: typeof found): boolean {
  const texts = ["source", "licence", "url", "rowCount"] as const;
  return texts.some((key) => found[key].trim() !== "" && !sameText(found[key], known[key]));
}

function standing(path: string, value: string, stands: string): NotMapped {
  const shown = stands.length > 120 ? `${stands.slice(0, 120)}…` : stands;
  return { path, value: value.slice(0, 600), reason: `You have “${shown}” there, and it stays.` };
}

function isEmpty(key: keyof DraftFields, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(emptyDraft[key]) || sameText(value, "");
}

function sameText(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && a.trim().toLowerCase() === b.trim().toLowerCase();
}
