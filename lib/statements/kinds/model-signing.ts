import { z } from "zod";
import { Cursor } from "@/lib/shared/cursor";
import { type SignedManifest, readSignedManifest } from "../signed-manifest";
import { counted, digest, sentence, strong } from "../sentence";
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
  sentencesOf: (statement, signerName) => ({
    headline: sentence(
      "Signed by ",
      strong(signerName),
      ": the model consists of exactly ",
      strong(counted(statement.predicate.resources.length, fileWord(statement))),
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
    ],
  }),
  subjectsOf: (statement) => {
    const manifest = signedManifestOf(statement);
    return manifest && [manifest.modelDigest];
  },
});

function fileWord({ predicate }: Statement<z.infer<typeof modelSigningPredicateSchema>>): string {
  return predicate.serialization.method === "files" ? "file" : "part of files";
}

/** The manifest with its names; null when the one subject is not the root that follows from the list. */
export function signedManifestOf({ subject, predicate }: Statement): SignedManifest | null {
  const manifest = readSignedManifest(Cursor.over(predicate));
  if ("problem" in manifest) return null;
  const isRoot = subject.length === 1 && manifest.roots.includes(subject[0]?.digest.sha256 ?? "");
  return isRoot ? manifest : null;
}
