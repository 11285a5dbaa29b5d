/** Carries what there is to say of an upload to the page it came from, for forms that the browser sends itself. */
export const uploadNoteCookie = "offcut-upload-note";

const MAX_CHARACTERS = 1200;

export type UploadNote = { place: "files" | "evaluation"; isRefusal: boolean; text: string };

export function writeUploadNote({ place, isRefusal, text }: UploadNote): string {
  return `${place}.${isRefusal ? "refused" : "told"}.${text.slice(0, MAX_CHARACTERS)}`;
}

/** Null for anything this product did not write. */
export function readUploadNote(cookie: string | undefined): UploadNote | null {
  const match = /^(files|evaluation)\.(refused|told)\.([\s\S]*)$/.exec(cookie ?? "");
  if (!match) return null;
  return { place: match[1] as UploadNote["place"], isRefusal: match[2] === "refused", text: match[3] ?? "" };
}
