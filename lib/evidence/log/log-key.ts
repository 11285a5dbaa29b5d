import "server-only";
import { type KeyObject, createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SignEd25519 } from "./ed25519";
import { rawPublicKey, signerOf } from "./node-ed25519";
import { type NoteKey, SIGNATURE_TYPE, noteKey } from "./signed-note";

/** The log's own Ed25519 key. Only the sequencer process opens it. */
export type LogKey = { key: NoteKey; sign: SignEd25519 };

/** Opens the key file of a log that stands already; null when it is not there. */
export function findLogKey(file: string, origin: string): LogKey | null {
  try {
    return keyOf(createPrivateKey(readFileSync(file, "utf8")), origin);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Makes the key file of a new log, readable by its owner alone; of two makers at once both open the winner's. */
export function makeLogKey(file: string, origin: string): LogKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return keyOf(createPrivateKey(readFileSync(file, "utf8")), origin);
}

function keyOf(privateKey: KeyObject, origin: string): LogKey {
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new Error("The log's key file holds another kind of key.");
  const key = noteKey(origin, SIGNATURE_TYPE.ed25519, rawPublicKey(privateKey));
  return { key, sign: signerOf(privateKey) };
}
