import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * What this program remembers between two runs, as plain files: the policy of a log by its address, the key and the
 * last checkpoint of a log by its name, keys of signers, and evidence against a log that showed two histories.
 */
export type Memory = {
  folder: string;
  find: (...place: string[]) => string | null;
  keep: (text: string, ...place: string[]) => string;
};

/** Opens the folder; it is made at the first thing kept. */
export function openMemory(folder: string): Memory {
  const fileOf = (place: string[]) => path.join(folder, ...place);
  return {
    folder,
    find(...place) {
      try {
        return readFileSync(fileOf(place), "utf8");
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") return null;
        throw error;
      }
    },
    // A reader finds the old text or the new one, never half of it.
    keep(text, ...place) {
      const file = fileOf(place);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}.draft`;
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, file);
      return file;
    },
  };
}

/** A name for files: readable, and one for each text, whatever the text holds. */
export function placeName(text: string): string {
  const readable = text.replace(/[^A-Za-z0-9.-]+/g, "_").slice(0, 60);
  return `${readable}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

export type RememberedKey = { spki: string; name: string | null; from: string; since: string };

/** A signer's key seen before; null when it is new, or what stands there is no such record. */
export function findRememberedKey(memory: Memory, keyId: string): RememberedKey | null {
  const text = memory.find("keys", `${keyId}.json`);
  if (text === null) return null;
  try {
    const { spki, name, from, since } = JSON.parse(text) as RememberedKey;
    return typeof spki === "string" && typeof from === "string" && typeof since === "string"
      ? { spki, name: typeof name === "string" ? name : null, from, since }
      : null;
  } catch {
    return null;
  }
}

export function rememberKey(memory: Memory, keyId: string, key: RememberedKey): void {
  if (!findRememberedKey(memory, keyId)) memory.keep(`${JSON.stringify(key)}\n`, "keys", `${keyId}.json`);
}
