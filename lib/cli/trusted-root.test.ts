import { expect, test } from "vitest";
import { readVectors } from "@/lib/shared/vectors.fixture";
import { openCheckpoint } from "@/lib/log/checkpoint";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { keysOf } from "@/lib/log/tlog-policy";
import { policyOfTrustedRoot } from "./trust";

type Case = {
  name: string;
  bundle: {
    verificationMaterial: {
      tlogEntries: { inclusionProof?: { checkpoint: { envelope: string } } }[];
    };
  };
  tlogs: { baseUrl: string; publicKey: { keyDetails: string } }[];
};

const cases = readVectors<Case[]>("log", "rekor2");

test("of a Sigstore trusted root the logs with an Ed25519 key are trusted, and no other", () => {
  for (const { tlogs } of cases) {
    const { logs, witnesses, quorum } = policyOfTrustedRoot(JSON.stringify({ tlogs }));
    const expected = tlogs.filter(({ publicKey }) => publicKey.keyDetails === "PKIX_ED25519");
    expect(logs.map(({ key }) => `https://${key.name}`)).toEqual(expected.map(({ baseUrl }) => baseUrl));
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.length).toBeLessThan(tlogs.length);
    expect([witnesses, quorum]).toEqual([[], null]);
  }
});

test("a checkpoint of Rekor v2 opens under the trusted root that came with it", async () => {
  for (const { name, bundle, tlogs } of cases) {
    const note = bundle.verificationMaterial.tlogEntries[0]?.inclusionProof?.checkpoint.envelope;
    if (note === undefined) continue;
    const { logs } = keysOf(policyOfTrustedRoot(JSON.stringify({ tlogs })));
    const opened = await openCheckpoint(note, { logs }, verifyByNode);
    expect(typeof opened === "string", name).toBe(/^rekor2-checkpoint-.*_fail$/.test(name));
  }
});
