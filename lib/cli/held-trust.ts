import { readEnvelope } from "@/lib/statements/dsse";
import { readCheckpoint } from "@/lib/log/checkpoint";
import { readBundle } from "@/lib/log/sigstore-bundle";
import { readNote } from "@/lib/log/signed-note";
import { readTlogProof } from "@/lib/log/tlog-proof";
import { type FileKind, detectKind } from "./detect";
import { keyInBundle } from "./judge-envelope";
import { type OpenedLog, type TrustContext, rememberedPolicy } from "./open-log";
import { type Memory, findRememberedKey, rememberKey } from "./memory";
import { type Trust, type TrustedKey, trustedKey } from "./trust";

/** The person's own trust, with what was remembered: a key only where none were given, a log only by its name. */
export function heldTrust(
  text: string,
  kind: FileKind,
  { trust, memory }: TrustContext,
  { proof, log }: { proof?: string; log?: OpenedLog },
): Trust {
  const keyId = kind === "envelope" ? readEnvelope(text)?.signatures[0]?.keyid : readBundle(text)?.hint;
  const policy = trust.policy ?? log?.policy ?? policyOf(text, kind, proof, memory);
  return { ...withRemembered(trust, keyId, memory), policy };
}

function withRemembered(trust: Trust, keyId: string | null | undefined, memory: Memory): Trust {
  if (!keyId || !/^[0-9a-f]{64}$/.test(keyId) || hasGivenKeys(trust)) return trust;
  const kept = findRememberedKey(memory, keyId);
  if (!kept) return trust;
  const spki = Uint8Array.from(Buffer.from(kept.spki, "base64"));
  return withKey(trust, trustedKey(spki, "remembered", kept));
}

function policyOf(text: string, kind: FileKind, proof: string | undefined, memory: Memory): Trust["policy"] {
  const note =
    kind === "bundle"
      ? readBundle(text)?.checkpoint
      : kind === "checkpoint"
        ? text
        : readTlogProof(proof ?? text)?.checkpoint;
  const origin = readCheckpoint(readNote(note ?? "")?.text ?? "")?.origin;
  return origin === undefined ? null : rememberedPolicy(memory, origin);
}

/** With a key that an address tells: believed for the first time unless keys were given or first use is forbidden. */
export function withToldKey(context: TrustContext, spki: Uint8Array<ArrayBuffer>, from: string): Trust {
  if (hasGivenKeys(context.trust) || !context.mayTrustFirstUse) return context.trust;
  return withKey(context.trust, trustedKey(spki, "first_use", { from }));
}

/** The key that a bundle itself names, for a bundle that came from an address. */
export function withKeyOfBundle(context: TrustContext, text: string, from: string): Trust {
  const spki = detectKind(text) === "bundle" ? keyInBundle(text) : null;
  return spki ? withToldKey(context, spki, from) : context.trust;
}

/** Remembers a signer that was believed for the first time, once a signature of theirs was seen to hold. */
export function rememberSigner({ memory }: TrustContext, signer: TrustedKey | undefined, now: Date): void {
  if (signer?.origin !== "first_use" || signer.from === null) return;
  const spki = Buffer.from(signer.spki).toString("base64");
  rememberKey(memory, signer.keyId, { spki, name: signer.name, from: signer.from, since: now.toISOString() });
}

function hasGivenKeys({ keys }: Trust): boolean {
  return keys.some(({ origin }) => origin === "given");
}

function withKey(trust: Trust, key: TrustedKey): Trust {
  return { ...trust, keys: [...trust.keys.filter(({ keyId }) => keyId !== key.keyId), key] };
}
