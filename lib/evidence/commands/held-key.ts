import "server-only";
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { enterHeldKey } from "@/lib/accounts/commands/held-key";
import { keyMaySign, keyState } from "@/lib/accounts/key";
import { currentTime } from "@/lib/platform/clock";
import { db, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { keyIdOf } from "@/lib/statements/dsse";

/** A key whose private half this installation keeps in a file, never in the database. */
export type HeldKey = { keyId: string; spki: Uint8Array; privateKey: CryptoKey };

export type HeldKeyOwner = {
  /** The file's name under DATA_DIR/keys, without ending. */
  name: string;
  /** Null for the platform itself. */
  accountId: string | null;
  label: string;
};

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/**
 * Opens the key of that name, made at the first use: an ECDSA P-256 key of this installation alone, its file readable
 * by its owner alone. Its public half is listed among the signing keys, marked as a demo key on a demo installation.
 * Several machines of one installation share DATA_DIR or list a key each. Throws once the key has been revoked.
 */
export async function openHeldKey(owner: HeldKeyOwner, tx: Tx | typeof db = db): Promise<HeldKey> {
  const pem = readOrMakeKey(path.resolve(env().DATA_DIR, "keys", `${owner.name}.pem`));
  const spki = new Uint8Array(createPublicKey(pem).export({ format: "der", type: "spki" }));
  const pkcs8 = new Uint8Array(createPrivateKey(pem).export({ format: "der", type: "pkcs8" }));
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]);
  const keyId = keyIdOf(spki);
  await listKey(tx, keyId, spki, owner);
  return { keyId, spki, privateKey };
}

async function listKey(
  tx: Tx | typeof db,
  keyId: string,
  spki: Uint8Array<ArrayBuffer>,
  { accountId, label }: HeldKeyOwner,
): Promise<void> {
  const now = await currentTime(tx);
  const kind = accountId === null ? ("platform" as const) : ("command_line" as const);
  const entry = { id: keyId, accountId, kind, label, spki, isDemo: env().OFFCUT_DEMO };
  const row = await enterHeldKey(tx, entry, now);
  const isUsable =
    row.accountId === accountId && keyMaySign(row.kind, "statement") && keyState(row, now) === "in_force";
  if (!isUsable)
    throw new Error(`The key "${label}" (${keyId}) may no longer sign: remove its file to make a new one.`);
}

function readOrMakeKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
  try {
    // Of several processes that start at once one wins, and nobody reads a half-written file.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, "utf8");
}
