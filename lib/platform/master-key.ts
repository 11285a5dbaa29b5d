import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
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

/** A short secret under the master key and bound to a name of what it belongs to, so that two cannot be swapped. */
export function sealSecret(secret: Uint8Array, name: string, master = masterKey()): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", master, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([
    Buffer.of(WRAPPING),
    nonce,
    cipher.update(secret),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Throws DamagedObjectError for another master key, another name, or changed bytes. */
export function openSecret(sealed: Uint8Array, name: string, master = masterKey()): Buffer {
  if (sealed.length <= 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== WRAPPING) {
    throw new DamagedObjectError("A sealed secret has an unknown form.");
  }
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", master, nonce).setAAD(Buffer.from(name));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const body = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new DamagedObjectError("A sealed secret does not open with this installation's master key.");
  }
}

/** 32 bytes that follow from the master key for one purpose; nothing of the master key can be told from them. */
export function derivedKey(purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", masterKey(), "", purpose, KEY_BYTES));
}

/** The data key under the master key and bound to the object it opens, so that two objects' keys cannot be swapped. */
export function wrapDataKey(dataKey: Buffer, storageKey: string, master = masterKey()): Buffer {
  return sealSecret(dataKey, storageKey, master);
}

/** Throws DamagedObjectError for another master key, another object's key, or changed bytes. */
export function unwrapDataKey(wrapped: Buffer, storageKey: string, master = masterKey()): Buffer {
  if (wrapped.length !== 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES) {
    throw new DamagedObjectError("A wrapped data key has an unknown form.");
  }
  return openSecret(wrapped, storageKey, master);
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
