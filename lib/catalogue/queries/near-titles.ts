import "server-only";
import { readPool } from "@/lib/platform/read-pool";

const NEAR_TITLES = 5;

/** Titles that look like the words, for when the words themselves are found nowhere: a slip of the pen, or half a word. */
export async function listNearTitles(words: string): Promise<{ slug: string; title: string }[]> {
  const { rows } = await readPool().query<{ slug: string; title: string }>(
    `SELECT slug, title FROM "Listing" WHERE "isShown" AND $1 <% title
     ORDER BY word_similarity($1, title) DESC, "searchId" LIMIT ${NEAR_TITLES}`,
    [words],
  );
  return rows;
}
