import { sizeText } from "@/lib/shared/size-text";
import { readFile, stat, writeFile } from "node:fs/promises";
import { indexFacts, missingShards, missingText } from "@/lib/artifact/shards";
import { type ManifestFile, modelManifest } from "@/lib/catalogue/model-manifest";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Command, Input, Outcome, Voice } from "../command";
import { usage } from "../ending";
import { resolvePath } from "../environment";
import { type FoundFiles, findModelFile, hashModelFiles, listModelFiles } from "../model-files";

const help = `offcut hash DIR|FILE… [--manifest FILE] [--exclude NAME]… [--allow-symlinks]

Prints the identity of a model: the SHA-256 of its manifest, which is canonical JSON (RFC 8785) naming every file
with its SHA-256, in the byte order of the names. "sha256sum" of the manifest's file gives it again.

  --manifest FILE    write the manifest too; an existing file is not overwritten
  --exclude NAME     leave out this name at the top of DIR (may be repeated)
  --allow-symlinks   count the file that a symbolic link points to

At the top of DIR these are left out: .git .gitignore .gitattributes .github .cache and model.sig. Refused are links
to folders, devices, and names that could mean something else elsewhere ("..", absolute, control characters).`;

export const hashCommand: Command = {
  name: "hash",
  summary: "compute the identity of a model's files",
  help,
  options: {
    manifest: { type: "string" },
    exclude: { type: "string", multiple: true },
    "allow-symlinks": { type: "boolean" },
  },
  run: hash,
};

/** The files that arguments name: one folder, or files one by one. */
export async function findNamed(
  names: readonly string[],
  input: Input,
  { beside = [], listed = [] }: { beside?: readonly string[]; listed?: readonly string[] } = {},
): Promise<FoundFiles> {
  const [first, ...others] = names.map(resolvePath);
  if (first === undefined) throw usage("Name a folder, or one or more files.");
  if ((await stat(first)).isDirectory()) {
    if (others.length > 0) throw usage("Name one folder, or files; not both.");
    const excluded = [...input.texts("exclude"), ...beside];
    return listModelFiles(first, { excluded, listed, allowSymlinks: input.isSet("allow-symlinks") });
  }
  return { files: await Promise.all([first, ...others].map(findModelFile)), leftOut: [] };
}

/** A voice that tells how far hashing is. */
export function tellHashing(voice: Voice): (read: number, total: number, name: string) => void {
  return (read, total, name) =>
    voice.progress(`hashing ${sizeText(read)} of ${sizeText(total)}: ${name.slice(-50)}`);
}

/** The hashed files that arguments name, without those `beside` them. */
export async function hashNamed(
  names: readonly string[],
  input: Input,
  voice: Voice,
  beside: readonly string[] = [],
): Promise<{ files: ManifestFile[]; bytes: number; leftOut: string[] }> {
  const found = await findNamed(names, input, { beside });
  const files = await hashModelFiles(found.files, tellHashing(voice));
  const leftOut = found.leftOut.filter((name) => !beside.includes(name));
  return { files, bytes: found.files.reduce((sum, file) => sum + file.bytes, 0), leftOut };
}

/** What of the weights is not among the files, by their indexes and numbers. */
async function missingIn(names: readonly string[], input: Input): Promise<string[]> {
  const { files } = await findNamed(names, input);
  const parts = files.map(async ({ name, file, bytes }) => {
    const read = async (offset: number, length: number) =>
      (await readFile(file)).subarray(offset, offset + length);
    const { shards } = await indexFacts(name, { sizeBytes: bytes, read });
    return { path: name, ...(Array.isArray(shards) && { shards }) };
  });
  return missingShards(await Promise.all(parts)).map(missingText);
}

async function hash(input: Input, voice: Voice): Promise<Outcome> {
  const { files, bytes, leftOut } = await hashNamed(input.positionals, input, voice);
  const missing = await missingIn(input.positionals, input);
  const manifest = modelManifest(files);
  const modelDigest = hexDigest(manifest);
  const out = input.text("manifest");
  if (out !== undefined) await writeFile(resolvePath(out), manifest, { flag: "wx" });
  return {
    ending: "verified",
    result: {
      modelDigest,
      files,
      bytes,
      leftOut,
      ...(out !== undefined && { manifestFile: resolvePath(out) }),
    },
    lines: [
      ...files.map(({ path, sha256 }) => `${sha256}  ${path}`),
      `${modelDigest}  (modelDigest of ${files.length} ${files.length === 1 ? "file" : "files"}, ${sizeText(bytes)})`,
      ...(leftOut.length > 0 ? [`Left out: ${leftOut.join(", ")}`] : []),
      ...missing.map((text) => `Incomplete: ${text}`),
    ],
  };
}
