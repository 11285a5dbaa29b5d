import { sha256 } from "@noble/hashes/sha2.js";
import { compareUtf8, modelManifest } from "@/lib/catalogue/model-manifest";
import { DomainError } from "@/lib/shared/domain-error";
import { toHex } from "@/lib/shared/encoding";
import { canonicalBytes } from "@/lib/shared/jcs";
import type { Cursor } from "@/lib/shared/cursor";

type Resource = { name: string; digest: string; algorithm: string };

/** A file, or a part of one, as the list of a signed model names it. */
export type SignedFile = { path: string; digest: string; algorithm: string };

const algorithms = ["sha256", "blake2b", "blake3"] as const;

/** How files were hashed: with what, and whole or in parts of so many bytes. */
export type Hashing = { algorithm: (typeof algorithms)[number]; partBytes: number | null };

export const WHOLE_SHA256: Hashing = { algorithm: "sha256", partBytes: null };

export type SignedManifest = {
  files: SignedFile[];
  hashing: Hashing;
  /** Paths that the signer left out, with whatever lies below them: nobody stands by that. */
  ignored: string[];
  /** Root digests that follow from the list: in its own order, and in the order of code points. */
  roots: string[];
  modelDigest: string;
  text: string;
};

/** The name of a model that is a single file, as the format's reference program writes it. */
export const SINGLE_FILE = ".";

const DIGEST_HEX: Record<Hashing["algorithm"], RegExp> = {
  sha256: /^[0-9a-f]{64}$/,
  blake2b: /^[0-9a-f]{128}$/,
  blake3: /^[0-9a-f]{64}$/,
};
const MAX_RESOURCES = 10_000;
const MAX_IGNORED = 1_000;

/**
 * The manifest of a signed model, rebuilt with its names: SHA-256 of the canonical JSON of method, hash and
 * resources, sorted by the UTF-8 bytes of their names. Repeated, absolute or `..` paths and shards with gaps are
 * refused.
 */
export function readSignedManifest(predicate: Cursor): SignedManifest | { files: []; problem: string } {
  const serialization = predicate.at("serialization");
  const method = serialization.at("method").value;
  const hashType = serialization.at("hash_type").value;
  const shardSize = serialization.at("shard_size").count();
  const refuse = (problem: string) => ({ files: [] as [], problem });
  if (method !== "files" && method !== "shards") return refuse("It does not say how files were hashed.");
  const algorithm = algorithms.find((name) => name === hashType);
  if (algorithm === undefined) return refuse("It does not say with what files were hashed.");
  if (method === "shards" && !shardSize) return refuse("It does not say how large its shards are.");
  const partBytes = method === "shards" ? shardSize : null;
  // The reference program writes the size of its shards there too.
  const written = [algorithm, ...(partBytes === null ? [] : [`${algorithm}-sharded-${partBytes}`])];
  const listed = predicate.at("resources").list();
  if (listed.length === 0 || listed.length > MAX_RESOURCES)
    return refuse(`A list of files has 1 to ${MAX_RESOURCES} entries.`);
  const resources: Resource[] = [];
  for (const entry of listed) {
    const { name, digest, algorithm: stated } = (entry.value ?? {}) as Partial<Record<string, unknown>>;
    if (typeof name !== "string" || typeof digest !== "string")
      return refuse("A file has no name or digest.");
    if (typeof stated !== "string" || !written.includes(stated) || !DIGEST_HEX[algorithm].test(digest))
      return refuse(`The digest of "${name.slice(0, 100)}" is not ${algorithm}.`);
    resources.push({ name, digest, algorithm });
  }
  if (new Set(resources.map(({ name }) => name)).size !== resources.length)
    return refuse("Two entries have the same name.");
  const problem = pathProblem(resources, partBytes);
  if (problem !== null) return refuse(problem);
  const ignored = serialization.at("ignore_paths").texts(1_000).slice(0, MAX_IGNORED).map(plainPath);
  return { ...rebuild(resources, { algorithm, partBytes }), ignored };
}

/** How many files a list names, whole or in parts. */
export function fileCount({ files, hashing }: SignedManifest): number {
  if (hashing.partBytes === null) return files.length;
  return new Set(files.map(({ path }) => parseShard(path)?.path)).size;
}

/** Whether a path is among those that the signer left out, or lies below one. */
export function isLeftOut({ ignored }: Pick<SignedManifest, "ignored">, path: string): boolean {
  return ignored.some((one) => one === "" || path === one || path.startsWith(`${one}/`));
}

/** A path as ours are written: "./a/" is "a", and "." the whole folder. */
function plainPath(path: string): string {
  return path
    .replace(/^(?:\.\/+)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
}

function rebuild(resources: Resource[], hashing: Hashing): Omit<SignedManifest, "ignored"> {
  const { algorithm: hashType, partBytes } = hashing;
  const sorted = resources
    .map(({ name, algorithm, digest }) => ({ name, algorithm, digest }))
    .sort((a, b) => compareUtf8(a.name, b.name));
  const bytes = canonicalBytes({
    method: partBytes === null ? "files" : "shards",
    hash_type: hashType,
    ...(partBytes === null ? {} : { shard_size: partBytes }),
    resources: sorted,
  });
  return {
    files: resources.map(({ name, digest, algorithm }) => ({ path: name, digest, algorithm })),
    hashing,
    roots: [rootOf(resources), rootOf(sorted)],
    modelDigest: toHex(sha256(bytes)),
    text: new TextDecoder().decode(bytes),
  };
}

function rootOf(resources: readonly Resource[]): string {
  const hash = sha256.create();
  for (const { digest } of resources) {
    hash.update(Uint8Array.from(digest.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  }
  return toHex(hash.digest());
}

/** Paths obey the same rules as our own manifests; shards of a file follow each other without gap or overlap. */
function pathProblem(resources: readonly Resource[], shardSize: number | null): string | null {
  const ends = new Map<string, number>();
  const shards = shardSize === null ? [] : resources.map(({ name }) => parseShard(name));
  for (const shard of [...shards].sort((a, b) => (a?.start ?? 0) - (b?.start ?? 0))) {
    if (!shard) return 'A shard is not named "path:start:end".';
    const { path, start, end } = shard;
    const before = ends.get(path) ?? 0;
    if (start !== before || end <= start || end - start > (shardSize ?? 0))
      return `The shards of "${path.slice(0, 100)}" leave a gap or overlap.`;
    ends.set(path, end);
  }
  const paths = shardSize === null ? resources.map(({ name }) => name) : [...ends.keys()];
  if (paths.length === 1 && paths[0] === SINGLE_FILE) return null;
  try {
    modelManifest(paths.map((path) => ({ path, sha256: "0".repeat(64) })));
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** From the last two colons, since a path may hold others. */
function parseShard(name: string): { path: string; start: number; end: number } | null {
  const match = /^(.*):(\d{1,16}):(\d{1,16})$/s.exec(name);
  if (!match) return null;
  return { path: match[1] ?? "", start: Number(match[2]), end: Number(match[3]) };
}
