import { readFileSync } from "node:fs";
import { pemOf } from "@/lib/formats/signing-key";
import { keyIdOf } from "@/lib/statements/dsse";
import { decodeBase64, parseJson } from "@/lib/shared/encoding";
import { ed25519Spki } from "@/lib/log/ed25519";
import { equalBytes } from "@/lib/log/merkle-tree";
import { logIdOf } from "@/lib/log/sigstore-bundle";
import { type NoteKey, SIGNATURE_TYPE, noteKey, readVkey } from "@/lib/log/signed-note";
import { PolicyError, type TlogPolicy, readPolicy } from "@/lib/log/tlog-policy";
import type { Input } from "./command";
import { Refusal, usage } from "./ending";
import { resolvePath } from "./environment";

/** Why a key is believed to be somebody's: the person gave it, it was seen before, or it came just now. */
export type KeyOrigin = "given" | "remembered" | "first_use";

export type TrustedKey = {
  keyId: string;
  spki: Uint8Array<ArrayBuffer>;
  name: string | null;
  origin: KeyOrigin;
  /** Who named it and when, for keys that were not given. */
  from: string | null;
  since: string | null;
};

/** What the person holds: keys of signers, and the policy that says which logs and witnesses count. */
export type Trust = { keys: TrustedKey[]; pems: string[]; policy: TlogPolicy | null };

export const trustOptions = {
  trust: { type: "string", multiple: true },
  policy: { type: "string" },
  vkey: { type: "string" },
  "trusted-root": { type: "string" },
  state: { type: "string" },
  "no-first-use": { type: "boolean" },
} as const;

export const trustHelp = `  --trust FILE         keys of signers that you trust: PEM public keys, or JSON {"keys": [{"spki": "…", "name": "…"}]}
  --policy FILE        C2SP tlog-policy: which logs count, and which witnesses must have seen them
  --vkey KEY|FILE      or just the verifier key of one log
  --trusted-root FILE  or a Sigstore trusted_root.json
  --state DIR          what is remembered between runs (default $XDG_STATE_HOME/offcut)
  --no-first-use       trust nothing that an address tells for the first time`;

/** Reads all trust that the arguments name. */
export function readTrust(input: Input): Trust {
  const trust: Trust = { keys: [], pems: [], policy: readGivenPolicy(input) };
  for (const name of input.texts("trust")) {
    const { keys, pems } = readTrustedKeys(readFileSync(resolvePath(name), "utf8"));
    if (keys.length + pems.length === 0) throw usage(`${name} holds no public keys.`);
    trust.keys.push(...keys);
    trust.pems.push(...pems);
  }
  return trust;
}

const PEM = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\n?/g;

/** Keys of a trust file: PEM blocks, or JSON with SPKI in base64. Keys of other kinds than P-256 are kept as PEM. */
export function readTrustedKeys(text: string): Pick<Trust, "keys" | "pems"> {
  const blocks = text.match(PEM) ?? [];
  if (blocks.length > 0) {
    // OpenSSF Model Signing may name a key by the very bytes of its file.
    const pems = [...new Set([...(blocks.length === 1 ? [text] : []), ...blocks])];
    return { keys: blocks.flatMap((pem) => keyOf(pemBody(pem), null)), pems };
  }
  const { keys } = readTrustJson(text);
  return { keys, pems: keys.map(({ spki }) => pemOf(spki)) };
}

function readTrustJson(text: string): { keys: TrustedKey[] } {
  const value = parseJson(text);
  if (value === undefined) throw usage("A trust file is PEM or JSON.");
  const list = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list)) throw usage('A trust file in JSON is {"keys": [{"spki": "…", "name": "…"}]}.');
  return {
    keys: list.map((entry) => {
      const { spki, name } = (entry ?? {}) as { spki?: unknown; name?: unknown };
      const [key] = typeof spki === "string" ? keyOf(spki, typeof name === "string" ? name : null) : [];
      if (!key) throw usage("A key of the trust file has no SPKI in base64.");
      return key;
    }),
  };
}

function keyOf(spkiBase64: string, name: string | null): TrustedKey[] {
  const spki = decodeBase64(spkiBase64);
  return spki ? [{ ...trustedKey(spki, "given"), name }] : [];
}

export function trustedKey(
  spki: Uint8Array<ArrayBuffer>,
  origin: KeyOrigin,
  known: { name?: string | null; from?: string; since?: string } = {},
): TrustedKey {
  const { name = null, from = null, since = null } = known;
  return { keyId: keyIdOf(spki), spki, name, origin, from, since };
}

function pemBody(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, "");
}

function readGivenPolicy(input: Input): TlogPolicy | null {
  const given = ["policy", "vkey", "trusted-root"].filter((name) => input.text(name) !== undefined);
  if (given.length > 1) throw usage("Give one of --policy, --vkey and --trusted-root.");
  const [policy, vkey, root] = [input.text("policy"), input.text("vkey"), input.text("trusted-root")];
  if (policy !== undefined) return policyOfText(readFileSync(resolvePath(policy), "utf8"), policy);
  if (root !== undefined) return policyOfTrustedRoot(readFileSync(resolvePath(root), "utf8"));
  if (vkey === undefined) return null;
  const key = readVkey(vkey) ?? readVkey(readFileSync(resolvePath(vkey), "utf8").trim());
  if (!key || key.type !== SIGNATURE_TYPE.ed25519) throw usage("--vkey is no verifier key of a log.");
  return policyOfKey(key);
}

/** A policy file, or a usage refusal with the line that is wrong. */
export function policyOfText(text: string, name: string): TlogPolicy {
  try {
    return readPolicy(text);
  } catch (error) {
    if (error instanceof PolicyError) throw usage(`${name}: ${error.message}`);
    throw error;
  }
}

/** One log, and no witnesses asked for. */
export function policyOfKey(...keys: NoteKey[]): TlogPolicy {
  return { logs: keys.map((key) => ({ key })), witnesses: [], groups: [], quorum: null };
}

/** The Ed25519 logs of a Sigstore trusted root whose ids follow from their names and keys. */
export function policyOfTrustedRoot(text: string): TlogPolicy {
  const root = parseJson(text);
  if (root === undefined || root === null) throw usage("The trusted root is not JSON.");
  const { tlogs: logs } = root as { tlogs?: unknown };
  const keys = (Array.isArray(logs) ? logs : []).flatMap((log) => keyOfTlog(log));
  if (keys.length === 0)
    throw new Refusal("unsupported", "no_logs", "The trusted root names no log with an Ed25519 key.");
  return policyOfKey(...keys);
}

function keyOfTlog(log: unknown): NoteKey[] {
  const { baseUrl, publicKey, logId } = (log ?? {}) as {
    baseUrl?: unknown;
    publicKey?: { rawBytes?: unknown };
    logId?: { keyId?: unknown };
  };
  const spki = decodeBase64(String(publicKey?.rawBytes ?? ""));
  const raw = spki?.slice(-32);
  const id = decodeBase64(String(logId?.keyId ?? ""));
  if (typeof baseUrl !== "string" || !spki || !raw || !id || !equalBytes(ed25519Spki(raw), spki)) return [];
  const key = noteKey(baseUrl.replace(/^https?:\/\//, ""), SIGNATURE_TYPE.ed25519, raw);
  return equalBytes(logIdOf(key), id) ? [key] : [];
}
