import "server-only";
import { type KeyObject, createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SignEd25519 } from "../ed25519";
import { rawPublicKey, signerOf } from "../node-ed25519";
import { type NoteKey, SIGNATURE_TYPE, noteKey } from "../signed-note";

/** An Ed25519 key that signs notes: the log's own, which only the sequencer opens, or that of a witness. */
export type LogKey = { key: NoteKey; sign: SignEd25519 };

type KeyType = typeof SIGNATURE_TYPE.ed25519 | typeof SIGNATURE_TYPE.cosignatureV1;

/** Opens the key file of a log (or, with its type, of a witness) that stands already; null when it is not there. */
export function findLogKey(
  file: string,
  name: string,
  type: KeyType = SIGNATURE_TYPE.ed25519,
): LogKey | null {
  try {
    return keyOf(createPrivateKey(readFileSync(file, "utf8")), name, type);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Makes a new key file, readable by its owner alone; of two makers at once both open the winner's. */
export function makeLogKey(file: string, name: string, type: KeyType = SIGNATURE_TYPE.ed25519): LogKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  writeFileSync(draft, pem, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return keyOf(createPrivateKey(readFileSync(file, "utf8")), name, type);
}

function keyOf(privateKey: KeyObject, name: string, type: KeyType): LogKey {
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("The key file holds another kind of key.");
  return { key: noteKey(name, type, rawPublicKey(privateKey)), sign: signerOf(privateKey) };
}
