import { z } from "zod";
import { count, decimal, instant, sha256, shortText } from "./field";

/** The runtime that gave the answers, as far as its digits may depend on it. */
export const runtimeSchema = z.object({
  name: shortText,
  version: shortText,
  node: shortText,
  architecture: shortText,
  /** As Linux names them, apart by blanks. */
  cpuFeatures: shortText,
  libc: shortText,
  threads: count,
  rowsPerCall: count,
  isolation: shortText,
  /** Name and version of what made tokens of texts, where something did. */
  tokenizer: shortText.optional(),
});

/**
 * What ties the answers of an evaluation to what it is about.
 *
 * `ran_here`: the installation that recorded it ran the files itself. `reran_here`: somebody brought answers with their
 * inputs, and the installation ran the files on those inputs again; `file` is the one that was run, or names the list of
 * those that were, as `sha256sum` writes it. `asked_here`: the
 * installation that recorded it asked the endpoint itself, by the run contract named. `answers_only`: nothing does; they are
 * the speaker's word.
 */
export const bindingSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ran_here"),
    /** Of the run contract; absent where the version has none. */
    contract: sha256.optional(),
  }),
  z.object({
    kind: z.literal("reran_here"),
    file: sha256,
    /** Of the run contract; absent where the file says itself how it is run. */
    contract: sha256.optional(),
    rows: count,
    /** Rows that came out otherwise, and how many of a thousand the run contract allows. */
    flips: count,
    flipsPerThousand: count.max(1_000),
    /** How far a confidence may lie from the one found again. */
    tolerance: decimal,
    runtime: runtimeSchema,
    at: instant,
  }),
  z.object({ kind: z.literal("asked_here"), contract: sha256 }),
  z.object({
    kind: z.literal("answers_only"),
    /** Why not, in a sentence. */
    reason: shortText,
  }),
]);
export type Binding = z.infer<typeof bindingSchema>;

/** What an evaluation is about: exact files; or, where there are none, an endpoint that may change, or a listing. */
export const aboutNames = ["files", "endpoint", "listing"] as const;
export type About = (typeof aboutNames)[number];

/** What answers are about that are tied to something. What nothing ties is worth the same, whatever it is about. */
export function boundAbout({ kind }: Pick<Binding, "kind">): About {
  return kind === "asked_here" ? "endpoint" : "files";
}
