type Kept = { revision: number; fields: [string, string][] };

const keyOf = (draftId: string) => `offcut-draft-${draftId}`;

/** Keeps what is typed in this browser until the server has it. Failing storage costs nothing but this safety net. */
export function keepUnsaved(draftId: string, revision: number, form: FormData): void {
  const fields = [...form.entries()].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !entry[0].startsWith("$"),
  );
  try {
    localStorage.setItem(keyOf(draftId), JSON.stringify({ revision, fields } satisfies Kept));
  } catch {
    // Private windows and full disks refuse; the form still holds every word.
  }
}

export function forgetUnsaved(draftId: string): void {
  try {
    localStorage.removeItem(keyOf(draftId));
  } catch {
    // See above.
  }
}

/**
 * Puts words that a closed or crashed window left unsaved back into the form. Only onto the revision they were typed
 * over; on another one the saved draft stands. Answers the names of what was put back.
 */
export function restoreUnsaved(draftId: string, revision: number, form: HTMLFormElement): string[] {
  const kept = readKept(draftId);
  if (!kept || kept.revision !== revision) return [];
  const restored: string[] = [];
  for (const [name, value] of kept.fields) {
    const control = form.elements.namedItem(name);
    const isText =
      control instanceof HTMLInputElement ||
      control instanceof HTMLTextAreaElement ||
      control instanceof HTMLSelectElement;
    if (!isText || ["hidden", "file", "submit"].includes(control.type) || control.value === value) continue;
    control.value = value;
    restored.push(name);
  }
  return restored;
}

function readKept(draftId: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(draftId)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
