import { z } from "zod";
import { Cursor } from "@/lib/shared/cursor";
import { type SignedManifest, fileCount, readSignedManifest } from "../signed-manifest";
import { type Sentence, counted, digest, sentence, strong } from "../sentence";
import type { Statement } from "../statement";
import { statementKind } from "./kind";

/** OpenSSF Model Signing v1.0, as far as it is read here: how files were hashed, and each file's digest. */
const modelSigningPredicateSchema = z.object({
  serialization: z.object({
    method: z.enum(["files", "shards"]),
    hash_type: z.string().max(50),
    allow_symlinks: z.boolean().optional(),
    shard_size: z.int().positive().optional(),
    ignore_paths: z.array(z.string().max(1_000)).max(1_000).optional(),
  }),
  resources: z
    .array(z.object({ name: z.string(), digest: z.string(), algorithm: z.string() }))
    .min(1)
    .max(10_000),
});

/** A model's list of files, in the form of OpenSSF Model Signing, accepted as it is. */
export const modelSigningKind = statementKind({
  name: "model-signing",
  predicateType: "https://model_signing/signature/v1.0",
  title: "Signed files",
  schema: modelSigningPredicateSchema,
  doesNotProve: [
    "who made the files: it shows that the signer stands by exactly these",
    "that the files are harmless or do what anybody says",
  ],
  speakerOf: () => ({ by: "signer" }),
  sentencesOf: (statement) => ({
    headline: sentence(
      ": the model consists of exactly ",
      strong(filesText(statement)),
      " (",
      digest(signedManifestOf(statement)?.modelDigest ?? statement.subject[0]?.digest.sha256 ?? ""),
      ").",
    ),
    facts: [
      sentence(
        "Its own root digest leaves the names of the files out and is no identity: ",
        digest(statement.subject[0]?.digest.sha256 ?? ""),
        ".",
      ),
      ...leftOutFacts(statement.predicate.serialization.ignore_paths ?? []),
    ],
  }),
  subjectsOf: (statement) => {
    const manifest = signedManifestOf(statement);
    return manifest && [manifest.modelDigest];
  },
});

function filesText(statement: Statement<z.infer<typeof modelSigningPredicateSchema>>): string {
  const listed = statement.predicate.resources.length;
  if (statement.predicate.serialization.method === "files") return counted(listed, "file");
  const manifest = signedManifestOf(statement);
  const parts = counted(listed, "part");
  return manifest ? `${counted(fileCount(manifest), "file")}, hashed in ${parts}` : `${parts} of files`;
}

/** Names that the format leaves out by itself: its own signature, and what git keeps beside files. */
const USUALLY_LEFT_OUT = new Set([".git", ".gitignore", ".gitattributes", ".github", "model.sig"]);
const MAX_NAMED = 10;

function leftOutFacts(ignored: readonly string[]): Sentence[] {
  const named = ignored.filter((path) => !USUALLY_LEFT_OUT.has(path.replace(/\/+$/, "")));
  if (named.length === 0) return [];
  const shown = named.slice(0, MAX_NAMED).map((path) => path.slice(0, 100));
  const more = named.length > MAX_NAMED ? ` and ${named.length - MAX_NAMED} more` : "";
  return [
    sentence("Left out, so that nobody stands by what lies there: ", strong(shown.join(", ")), `${more}.`),
  ];
}

/** The manifest with its names; null when the one subject is not the root that follows from the list. */
export function signedManifestOf({ subject, predicate }: Statement): SignedManifest | null {
  const manifest = readSignedManifest(Cursor.over(predicate));
  if ("problem" in manifest) return null;
  const isRoot = subject.length === 1 && manifest.roots.includes(subject[0]?.digest.sha256 ?? "");
  return isRoot ? manifest : null;
}
