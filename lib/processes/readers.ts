import type { Readers } from "@/lib/platform/reading";

/** Every reader that works apart, by name, loaded only where it is asked for: see `reader-child.mjs`. */
export const readers: { [Name in keyof Readers]: () => Promise<Readers[Name]> } = {
  description: async () => (await import("@/lib/catalogue/marked-text")).readMarkedText,
  card: async () => (await import("@/lib/formats/card-to-draft")).draftOfCard,
  rows: async () => (await import("@/lib/formats/read-rows")).readRows,
  foreign: async () => (await import("@/lib/formats/read-foreign-file")).readForeignFile,
};
