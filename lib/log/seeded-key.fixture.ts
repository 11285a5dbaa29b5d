import { createPrivateKey } from "node:crypto";
import type { SignEd25519 } from "./ed25519";
import { rawPublicKey, signerOf } from "./node-ed25519";
import { type NoteKey, noteKey } from "./signed-note";

/** A key for tests: anybody can make it again from its seed, a byte. */
export function keyFrom(seed: number, name: string, type: number): { key: NoteKey; sign: SignEd25519 } {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const pkcs8 = Buffer.concat([head, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return { key: noteKey(name, type, rawPublicKey(privateKey)), sign: signerOf(privateKey) };
}
