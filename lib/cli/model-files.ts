import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { type ManifestFile, compareUtf8, pathFault } from "@/lib/catalogue/model-manifest";
import { Refusal } from "./ending";

export type FoundFile = { name: string; file: string; bytes: number };

export type FolderRules = {
  /** Names at the top that are no part of the model, such as a signature lying beside it. */
  excluded?: readonly string[];
  /** Files reached by a symbolic link count as if they lay there. */
  allowSymlinks?: boolean;
};

/** What OpenSSF Model Signing leaves out at the top of a folder, besides the signature. */
const REPOSITORY_NAMES = [".git", ".gitignore", ".gitattributes", ".github"];
export const SIGNATURE_NAME = "model.sig";
const CHUNK_BYTES = 1 << 20;

/**
 * The files that make up a model in a folder, in the byte order of their names. Refuses what a manifest cannot say
 * for certain: symbolic links unless allowed, links to folders, devices, and names that are not plain UTF-8 paths.
 */
export async function listModelFiles(folder: string, rules: FolderRules = {}): Promise<FoundFile[]> {
  const excluded = new Set([...REPOSITORY_NAMES, SIGNATURE_NAME, ...(rules.excluded ?? [])]);
  const found: FoundFile[] = [];
  await walk(folder, "", excluded, rules, found);
  if (found.length === 0) throw new Refusal("usage", "no_files", `${folder} holds no files of a model.`);
  return found.sort((a, b) => compareUtf8(a.name, b.name));
}

async function walk(
  folder: string,
  prefix: string,
  excluded: ReadonlySet<string>,
  rules: FolderRules,
  found: FoundFile[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: "buffer" });
  for (const entry of entries) {
    const segment = decodeName(entry.name, folder);
    const name = `${prefix}${segment}`;
    if (prefix === "" && excluded.has(segment)) continue;
    const file = path.join(folder, segment);
    if (entry.isSymbolicLink()) await addLinked(file, name, rules, found);
    else if (entry.isDirectory()) await walk(file, `${name}/`, excluded, rules, found);
    else if (entry.isFile()) found.push(await describe(file, name));
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
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    throw new Refusal("unsupported", "path_not_plain", `A name in ${folder} is not UTF-8.`);
  }
}

/** Hashes the files one after another, reading each as a stream; tells how many bytes were read so far. */
export async function hashModelFiles(
  files: readonly FoundFile[],
  tell: (readBytes: number, totalBytes: number, name: string) => void = () => undefined,
): Promise<ManifestFile[]> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const hashed: ManifestFile[] = [];
  let readBytes = 0;
  for (const { name, file } of files) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
      readBytes += (chunk as Buffer).length;
      tell(readBytes, totalBytes, name);
    }
    hashed.push({ path: name, sha256: hash.digest("hex") });
  }
  return hashed;
}
