"use client";

import { enrolFirstDeviceKey } from "@/lib/accounts/actions";
import { deviceName } from "@/lib/accounts/device";
import { enrolmentText } from "@/lib/accounts/key";
import { keyIdOf } from "@/lib/statements/dsse";
import { encodeBase64 } from "@/lib/shared/encoding";
import { p1363ToDer } from "@/lib/statements/ecdsa-signature";

const DATABASE = "offcut-device-keys";
const STORE = "keys";
const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const ECDSA_SHA256 = { name: "ECDSA", hash: "SHA-256" } as const;

type StoredKey = { accountId: string; privateKey: CryptoKey; spki: Uint8Array<ArrayBuffer> };

/** This browser's key for one account. Its private half cannot leave the browser, not even for this page's own code. */
export type DeviceKey = {
  keyId: string;
  spkiBase64: string;
  /** Signs bytes with ECDSA-SHA256; answers base64 of ASN.1 DER. */
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
};

export type ReadyKey =
  | { status: "ready"; key: DeviceKey }
  /** Another device signs already, or this one was revoked: the account page says how to go on. */
  | { status: "needs_approval"; message: string }
  /** No JavaScript crypto here: the platform records "agreed in session" instead, which is weaker. */
  | { status: "unavailable"; message: string };

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("The browser's storage failed."));
  });
}

async function openStore(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "accountId" });
  const database = await request(opening);
  return database.transaction(STORE, mode).objectStore(STORE);
}

function canHoldKeys(): boolean {
  return typeof indexedDB !== "undefined" && globalThis.isSecureContext && Boolean(globalThis.crypto?.subtle);
}

function deviceKey({ privateKey, spki }: StoredKey): DeviceKey {
  return {
    keyId: keyIdOf(spki),
    spkiBase64: encodeBase64(spki),
    async sign(bytes) {
      const raw = await crypto.subtle.sign(ECDSA_SHA256, privateKey, bytes);
      return encodeBase64(p1363ToDer(new Uint8Array(raw)));
    },
  };
}

/** The key this browser holds for the account, or null. Makes none. */
export async function findDeviceKey(accountId: string): Promise<DeviceKey | null> {
  if (!canHoldKeys()) return null;
  try {
    const stored = await request<StoredKey | undefined>((await openStore("readonly")).get(accountId));
    return stored ? deviceKey(stored) : null;
  } catch {
    return null;
  }
}

async function makeStoredKey(accountId: string): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return { accountId, privateKey: pair.privateKey, spki };
}

/**
 * The key this browser holds for the account, made when there is none; null where no key can be made or kept. Two
 * tabs at once get the same key: the first one stored wins.
 */
export async function getDeviceKey(accountId: string): Promise<DeviceKey | null> {
  const found = await findDeviceKey(accountId);
  if (found || !canHoldKeys()) return found;
  try {
    const made = await makeStoredKey(accountId);
    await request((await openStore("readwrite")).add(made)).catch(() => undefined);
    return await findDeviceKey(accountId);
  } catch {
    return null;
  }
}

/** Forgets this browser's key, so that the next one is new. For keys that were revoked. */
export async function forgetDeviceKey(accountId: string): Promise<void> {
  await request((await openStore("readwrite")).delete(accountId));
}

/** The fields that enrol a key: its public half, its own signature as proof, and a name for the device. */
export async function enrolmentFields(accountId: string, key: DeviceKey): Promise<FormData> {
  const form = new FormData();
  form.set("spki", key.spkiBase64);
  form.set("proof", await signEnrolment(accountId, key, key.keyId));
  form.set("label", deviceName(navigator.userAgent));
  return form;
}

/** Signs the enrolment of a key: one's own as proof, another's to vouch for it. */
export async function signEnrolment(accountId: string, by: DeviceKey, keyId: string): Promise<string> {
  return by.sign(new TextEncoder().encode(enrolmentText(accountId, keyId)));
}

/**
 * The key to sign with: call it before every signature. The account's first key is made and enrolled here without a
 * question. A later device has to be enrolled on the account page; until then, and where no key can be made, the
 * caller sends its form without a signature and the platform records the weaker form.
 */
export async function readyDeviceKey(accountId: string): Promise<ReadyKey> {
  const key = await getDeviceKey(accountId);
  if (!key) return { status: "unavailable", message: "This browser cannot keep a signing key." };
  const form = await enrolmentFields(accountId, key);
  form.set("requestKey", crypto.randomUUID());
  const answer = await enrolFirstDeviceKey(null, form);
  if (answer.ok) return { status: "ready", key };
  const status = answer.code.startsWith("key_") ? "needs_approval" : "unavailable";
  return { status, message: answer.message };
}
