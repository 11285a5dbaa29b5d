import { createHash } from "node:crypto";
import { type ManifestFile, modelManifest } from "@/lib/catalogue/model-manifest";
import { type DsseEnvelope } from "@/lib/statements/dsse";
import { MODEL_SIGNING_PREDICATE } from "@/lib/formats/model-signing";
import { BUNDLE_MEDIA_TYPE } from "@/lib/log/sigstore-bundle";
import { type Statement, makeStatement } from "@/lib/statements/statement";

/**
 * The statement of OpenSSF Model Signing v1.0 about these files and what was left out beside them; its root digest leaves
 * names out, as the format has it.
 */
export function modelSigningStatement(
  name: string,
  files: readonly ManifestFile[],
  leftOut: readonly string[],
): Statement {
  // Refuses what cannot stand in a manifest, and gives the one order.
  const { resources } = JSON.parse(modelManifest(files)) as {
    resources: { name: string; digest: string; algorithm: string }[];
  };
  const root = createHash("sha256");
  for (const { digest } of resources) root.update(Buffer.from(digest, "hex"));
  return makeStatement(MODEL_SIGNING_PREDICATE, [{ name, sha256: root.digest("hex") }], {
    serialization: {
      method: "files",
      hash_type: "sha256",
      allow_symlinks: false,
      ignore_paths: [...leftOut],
    },
    resources,
  });
}

/** The bundle in which that format stores a signature by key; the key is named by the SHA-256 of its PEM text. */
export function modelSigningBundle(envelope: DsseEnvelope, pemHint: string): string {
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: pemHint }, tlogEntries: [] },
    dsseEnvelope: envelope,
  });
}
