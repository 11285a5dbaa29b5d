import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { blake3 } from "@noble/hashes/blake3.js";
import { type ManifestFile, compareUtf8, pathFault } from "@/lib/catalogue/model-manifest";
import { decodeUtf8, toHex } from "@/lib/shared/encoding";
import type { Hashing } from "@/lib/statements/signed-manifest";
import { Refusal } from "./ending";

export type FoundFile = { name: string; file: string; bytes: number };

export type FolderRules = {
  /** Names at the top that are no part of the model, such as a signature lying beside it. */
  excluded?: readonly string[];
  /** Paths that a signed list holds: what lies there is part of the model, whatever it is called. */
  listed?: readonly string[];
  /** Files reached by a symbolic link count as if they lay there. */
  allowSymlinks?: boolean;
};

/** What OpenSSF Model Signing leaves out at the top of a folder besides the signature, and what a download of the Hugging Face Hub notes there. */
const REPOSITORY_NAMES = [".git", ".gitignore", ".gitattributes", ".github", ".cache"];
export const SIGNATURE_NAME = "model.sig";
const CHUNK_BYTES = 1 << 20;

/** What a folder holds: the files of the model, and names at its top that were left out, without the signature. */
export type FoundFiles = { files: FoundFile[]; leftOut: string[] };

/**
 * The files that make up a model in a folder, in the byte order of their names. Refuses what a manifest cannot say
 * for certain: symbolic links unless allowed, links to folders, devices, and names that are not plain UTF-8 paths.
 */
export async function listModelFiles(folder: string, rules: FolderRules = {}): Promise<FoundFiles> {
  const listed = new Set((rules.listed ?? []).map((path) => path.split("/")[0] ?? ""));
  const own = [...REPOSITORY_NAMES, SIGNATURE_NAME].filter((name) => !listed.has(name));
  const excluded = new Set([...own, ...(rules.excluded ?? [])]);
  const found: FoundFiles = { files: [], leftOut: [] };
  await walk(folder, "", excluded, rules, found);
  if (found.files.length === 0)
    throw new Refusal("usage", "no_files", `${folder} holds no files of a model.`);
  found.files.sort((a, b) => compareUtf8(a.name, b.name));
  return found;
}

async function walk(
  folder: string,
  prefix: string,
  excluded: ReadonlySet<string>,
  rules: FolderRules,
  found: FoundFiles,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
  for (const entry of entries) {
    const segment = decodeName(entry.name, folder);
    const name = `${prefix}${segment}`;
    if (prefix === "" && excluded.has(segment)) {
      if (segment !== SIGNATURE_NAME) found.leftOut.push(segment);
      continue;
    }
    const file = path.join(folder, segment);
    if (entry.isSymbolicLink()) await addLinked(file, name, rules, found.files);
    else if (entry.isDirectory()) await walk(file, `${name}/`, excluded, rules, found);
    else if (entry.isFile()) found.files.push(await describe(file, name));
    else throw new Refusal("unsupported", "not_a_file", `${file} is neither a file nor a folder.`);
  }
}

async function addLinked(file: string, name: string, rules: FolderRules, found: FoundFile[]): Promise<void> {
  if (!rules.allowSymlinks)
    throw new Refusal(
      "unsupported",
      "symlink",
      `${file} is a symbolic link. Say --allow-symlinks to count the file it points to.`,
    );
  if (!(await stat(file)).isFile())
    throw new Refusal("unsupported", "symlink", `${file} links to something other than a file.`);
  found.push(await describe(file, name));
}

/** One file by its own name, for files that are named one by one. */
export async function findModelFile(file: string): Promise<FoundFile> {
  if ((await lstat(file)).isSymbolicLink()) {
    // Whoever names a link by hand means what it points to.
    if (!(await stat(file)).isFile())
      throw new Refusal("unsupported", "symlink", `${file} links to no file.`);
  }
  return describe(file, path.basename(file));
}

async function describe(file: string, name: string): Promise<FoundFile> {
  const fault = pathFault(name);
  if (fault)
    throw new Refusal("unsupported", fault, `"${name.slice(0, 100)}" cannot stand in a manifest (${fault}).`);
  return { name, file, bytes: (await stat(file)).size };
}

function decodeName(name: Buffer, folder: string): string {
  const text = decodeUtf8(name);
  if (text === null) throw new Refusal("unsupported", "path_not_plain", `A name in ${folder} is not UTF-8.`);
  return text;
}

/** Tells how many bytes were read so far. */
type Telling = (readBytes: number, totalBytes: number, name: string) => void;

/** Hashes the files one after another, reading each as a stream. */
export async function hashModelFiles(files: readonly FoundFile[], tell?: Telling): Promise<ManifestFile[]> {
  const digested = await digestModelFiles(files, "sha256", tell);
  return digested.map(({ path: name, digest }) => ({ path: name, sha256: digest }));
}

/** The same with the algorithm of a signed list. */
export async function digestModelFiles(
  files: readonly FoundFile[],
  algorithm: Hashing["algorithm"],
  tell: Telling = () => undefined,
): Promise<{ path: string; digest: string }[]> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const digested: { path: string; digest: string }[] = [];
  let readBytes = 0;
  for (const { name, file } of files) {
    const hash = hashOf(algorithm);
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
      readBytes += (chunk as Buffer).length;
      tell(readBytes, totalBytes, name);
    }
    digested.push({ path: name, digest: toHex(hash.digest()) });
  }
  return digested;
}

function hashOf(algorithm: Hashing["algorithm"]): {
  update: (bytes: Uint8Array) => unknown;
  digest: () => Uint8Array;
} {
  if (algorithm === "blake3") return blake3.create({});
  return createHash(algorithm === "blake2b" ? "blake2b512" : algorithm);
}
