import { type ReadingUsage, type Readers, readApart } from "@/lib/platform/reading";
import type {} from "@/lib/selling/commands/read-evaluation-file";
import { DomainError } from "@/lib/shared/domain-error";
import type { Shape } from "./hostile-shapes.fixture";

export type Asked = {
  characters: number;
  /** Null where the reader was ended before it could say. */
  usage: ReadingUsage | null;
  /** "read", or the sentence that refuses it. */
  found: string;
  wallMs: number;
};

const counting = { level: 0.9, salt: "00", conditions: [] };

/** Gives a text to a reader apart from this process, as its domain would, and says what that took. */
export async function askReader(
  { reader, name }: Pick<Shape, "reader" | "name">,
  text: string,
  accountId = "a",
): Promise<Asked> {
  const bytes = new TextEncoder().encode(text);
  const isFile = reader === "rows" || reader === "foreign";
  const fileName = reader === "rows" ? "rows.csv" : name === "samples" ? "samples_a.jsonl" : "file.json";
  const asked = { ...counting, fileName, outputColumns: [], publicKey: "", dataSetName: "" };
  const begun = performance.now();
  let usage: ReadingUsage | null = null;
  const answer = (found: string): Asked => {
    return { characters: text.length, usage, found, wallMs: Math.round(performance.now() - begun) };
  };
  try {
    const found: object = await readApart(reader as keyof Readers, (isFile ? asked : text) as never, {
      accountId,
      called: name,
      file: isFile ? { sizeBytes: bytes.length, open: async () => pieces(bytes) } : undefined,
      onUsage: (used) => (usage = used),
    });
    if ("refusal" in found) return answer(String(found.refusal));
    if ("problems" in found) return answer((found.problems as string[])[0] ?? "refused");
    return answer("read");
  } catch (error) {
    if (error instanceof DomainError) return answer(error.message);
    throw error;
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
