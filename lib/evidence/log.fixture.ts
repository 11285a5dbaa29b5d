import "server-only";
import path from "node:path";
import { db, inTransaction } from "@/lib/platform/db";
import { keyIdOf, signEnvelope } from "@/lib/statements/dsse";
import { canonicalJson } from "@/lib/shared/jcs";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Sequencer } from "@/lib/log/process/sequencer";
import type { SequencerPlaces } from "@/lib/log/process/sequencer-start";
import { submitEnvelope } from "./commands/submit-envelope";

/** A signer and envelopes for tests and measurements of the log; what the envelopes say means nothing. */
export type EnvelopeMaker = {
  /** SPKI DER of the key that signs. */
  spki: Uint8Array<ArrayBuffer>;
  keyId: string;
  privateKey: CryptoKey;
  /** Records a new envelope and returns its address. */
  record: () => Promise<string>;
  /** Records and hands in that many envelopes; address and leaf hash of each. */
  submit: (count: number) => Promise<{ sha256: string; leafHash: string }[]>;
};

/** Makes a signer whose key is listed here. */
export async function makeEnvelopes(): Promise<EnvelopeMaker> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const keyId = keyIdOf(spki);
  const life = { enrolledBy: "first_key", effectiveAt: new Date(0) };
  await db.signingKey.create({ data: { id: keyId, kind: "platform", label: "under test", spki, ...life } });
  let made = 0;

  async function record(): Promise<string> {
    const payload = new TextEncoder().encode(`{"number":${(made += 1)}}`);
    const body = canonicalJson(await signEnvelope(payload, pair.privateKey, spki));
    const sha256 = hexDigest(body);
    await db.envelope.create({ data: { sha256, body, predicateType: "test", keyId, subjects: [] } });
    return sha256;
  }

  async function submit(count: number): Promise<{ sha256: string; leafHash: string }[]> {
    const submitted: { sha256: string; leafHash: string }[] = [];
    for (let at = 0; at < count; at++) {
      const sha256 = await record();
      submitted.push({ sha256, ...(await inTransaction((tx) => submitEnvelope(tx, sha256))) });
    }
    return submitted;
  }

  return { spki, keyId, privateKey: pair.privateKey, record, submit };
}

/** Where a log under test keeps its key and its second place. */
export function placesIn(folder: string, origin: string): SequencerPlaces {
  return {
    origin,
    keyFile: path.join(folder, "keys", "log-1.pem"),
    checkpointFile: path.join(folder, "elsewhere", "last-checkpoint"),
  };
}

/** Integrates and publishes until nothing waits. */
export async function drain(sequencer: Sequencer): Promise<void> {
  while ((await sequencer.integrate()) > 0);
  while ((await sequencer.publish()) !== null);
}
