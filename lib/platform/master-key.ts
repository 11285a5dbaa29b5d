import "server-only";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { env } from "./env";
import { DamagedObjectError } from "./sealed-segments";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Says how a data key is wrapped, so that another way can be added without guessing. */
const WRAPPING = 1;

let cached: Buffer | undefined;

/**
 * The key that wraps every data key: `OFFCUT_MASTER_KEY` (64 hex digits or base64 of 32 bytes), or the file
 * `OFFCUT_MASTER_KEY_FILE`. A demo installation without either makes one under DATA_DIR, readable by its owner alone.
 * Throws with what to set where there is none; it is never written to the database.
 */
export function masterKey(): Buffer {
  cached ??= readMasterKey();
  return cached;
}

/** The data key under the master key and bound to the object it opens, so that two objects' keys cannot be swapped. */
export function wrapDataKey(dataKey: Buffer, storageKey: string, master = masterKey()): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", master, nonce).setAAD(Buffer.from(storageKey));
  return Buffer.concat([
    Buffer.of(WRAPPING),
    nonce,
    cipher.update(dataKey),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Throws DamagedObjectError for another master key, another object's key, or changed bytes. */
export function unwrapDataKey(wrapped: Buffer, storageKey: string, master = masterKey()): Buffer {
  if (wrapped.length !== 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES || wrapped[0] !== WRAPPING) {
    throw new DamagedObjectError("A wrapped data key has an unknown form.");
  }
  const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", master, nonce).setAAD(Buffer.from(storageKey));
  decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG_BYTES));
  try {
    const sealed = wrapped.subarray(1 + NONCE_BYTES, wrapped.length - TAG_BYTES);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw new DamagedObjectError("A data key does not open with this installation's master key.");
  }
}

function readMasterKey(): Buffer {
  const { OFFCUT_MASTER_KEY, OFFCUT_MASTER_KEY_FILE, OFFCUT_DEMO, DATA_DIR } = env();
  if (OFFCUT_MASTER_KEY) return keyOf(OFFCUT_MASTER_KEY, "OFFCUT_MASTER_KEY");
  if (OFFCUT_MASTER_KEY_FILE) {
    return keyOf(readFileSync(OFFCUT_MASTER_KEY_FILE, "utf8"), OFFCUT_MASTER_KEY_FILE);
  }
  if (!OFFCUT_DEMO) {
    throw new Error(
      "Offcut stores files encrypted and needs OFFCUT_MASTER_KEY or OFFCUT_MASTER_KEY_FILE: 32 random bytes in hex, " +
        "for example from `openssl rand -hex 32`. Keep it outside the database and its backups.",
    );
  }
  return demoMasterKey(path.resolve(DATA_DIR, "master.key"));
}

function keyOf(text: string, origin: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (key.length !== KEY_BYTES) throw new Error(`${origin} must be 32 bytes, as 64 hex digits or base64.`);
  return key;
}

function demoMasterKey(file: string): Buffer {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, randomBytes(KEY_BYTES).toString("hex"), { mode: 0o600, flag: "wx" });
  try {
    // Of several processes that start at once one wins, and nobody reads a half-written file.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return keyOf(readFileSync(file, "utf8"), file);
}
