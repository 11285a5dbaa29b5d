import "server-only";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DomainError } from "@/lib/shared/domain-error";

/** A file of a bundle, by its path within it; opened when it is needed. */
export type BundleFile = {
  path: string;
  sha256: string;
  sizeBytes: number;
  open: () => Promise<Readable>;
};

export type BundleFolder = { folder: string; forget: () => Promise<void> };

/**
 * Lays the files of a bundle out in a folder of their own, which nobody may write to, each held against its digest while
 * it is written. Throws `digest_mismatch` where one is not what was recorded; leaves nothing behind then.
 */
export async function layOut(files: readonly BundleFile[]): Promise<BundleFolder> {
  await (swept ??= forgetLeftFolders());
  const parent = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  const folder = path.join(parent, "bundle");
  const forget = async () => {
    await chmod(folder, 0o755).catch(() => undefined);
    await rm(parent, { recursive: true, force: true });
  };
  try {
    await mkdir(folder);
    for (const file of files) await writeFile(folder, file);
    await chmod(folder, 0o555);
    await chmod(parent, 0o755);
    return { folder, forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

const PREFIX = "offcut-bundle-";
let swept: Promise<void> | undefined;

/** A process that was killed leaves its folders: whoever lays out next, once, takes away those of processes that are no more. */
export async function forgetLeftFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const left = path.join(tmpdir(), name);
    await chmod(path.join(left, "bundle"), 0o755).catch(() => undefined);
    await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function writeFile(folder: string, { path: name, sha256, open }: BundleFile): Promise<void> {
  const target = path.join(folder, name);
  if (!target.startsWith(`${folder}${path.sep}`))
    throw new DomainError("model_refused", `The path ${name} leads out of its bundle.`);
  await mkdir(path.dirname(target), { recursive: true });
  const hash = createHash("sha256");
  const source = await open();
  source.on("data", (chunk: Buffer) => hash.update(chunk));
  await pipeline(source, createWriteStream(target, { flags: "wx", mode: 0o444 }));
  if (hash.digest("hex") !== sha256)
    throw new DomainError("digest_mismatch", `The file ${name} is not the one that was recorded.`);
}
