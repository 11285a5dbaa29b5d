/** Carries what there is to say of an upload to the page it came from, for forms that the browser sends itself. */
export const uploadNoteCookie = "offcut-upload-note";

const MAX_CHARACTERS = 1200;

const places = ["files", "evaluation", "imports", "start", "measure"] as const;
type UploadPlace = (typeof places)[number];

export type UploadNote = { place: UploadPlace; isRefusal: boolean; text: string };

export function writeUploadNote({ place, isRefusal, text }: UploadNote): string {
  return `${place}.${isRefusal ? "refused" : "told"}.${text.slice(0, MAX_CHARACTERS)}`;
}

/** Null for anything this product did not write. */
export function readUploadNote(cookie: string | undefined): UploadNote | null {
  const match = /^([a-z]+)\.(refused|told)\.([\s\S]*)$/.exec(cookie ?? "");
  const place = places.find((name) => name === match?.[1]);
  if (!match || !place) return null;
  return { place, isRefusal: match[2] === "refused", text: match[3] ?? "" };
}
