import "server-only";
import { db, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { signEnvelope } from "@/lib/statements/dsse";
import { type HeldKey, openHeldKey } from "./held-key";
import { canonicalJson } from "@/lib/shared/jcs";

/** The platform's own key: it signs runs made here, and what an account agreed to where no key could be made. */
export async function openPlatformKey(tx: Tx | typeof db = db): Promise<HeldKey> {
  const label = env().OFFCUT_DEMO ? "Offcut, this demo installation" : "Offcut";
  return openHeldKey({ name: "platform", accountId: null, label }, tx);
}

/** Signs a statement's bytes as the platform; returns the envelope's text, ready for `recordEnvelope`. */
export async function signAsPlatform(payload: Uint8Array, tx: Tx | typeof db = db): Promise<string> {
  return signWith(await openPlatformKey(tx), payload);
}

/** Signs a statement's bytes with a key that this installation holds; returns the envelope's text. */
export async function signWith({ privateKey, spki }: HeldKey, payload: Uint8Array): Promise<string> {
  return canonicalJson(await signEnvelope(payload, privateKey, spki));
}
