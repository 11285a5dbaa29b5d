import { expect, test } from "vitest";
import { type SignatureGroup, bytesOf, disagreementsOf, readVectors } from "@/lib/shared/vectors.fixture";
import { hasLowOrderPoint, verifyByWebCrypto } from "./ed25519";
import { verifyByNode } from "./node-ed25519";

const verifiers = [
  ["Node's OpenSSL", verifyByNode],
  ["WebCrypto", verifyByWebCrypto],
] as const;

test.each(verifiers)(
  "every Ed25519 signature of Wycheproof gets the verdict of its file by %s",
  async (_by, verify) => {
    const groups = readVectors<SignatureGroup[]>("log", "ed25519");
    expect(groups.flatMap(({ tests }) => tests)).toHaveLength(151);
    expect(await disagreementsOf(groups, verify)).toEqual([]);
  },
);

type EdgeCase = { number: number; key: string; msg: string; sig: string; flags: string[] };

const edgeCases = readVectors<EdgeCase[]>("log", "ed25519-edge-cases");

/** A signature with any of these is refused; a component of low order beside one of prime order is not a reason. */
const REFUSED = [
  "low_order_A",
  "low_order_R",
  "low_order_residue",
  "non_canonical_A",
  "non_canonical_R",
  "reencoded_k",
];

test.each(verifiers)(
  "of CCTV's edge cases exactly those without a refused flag hold by %s",
  async (_by, verify) => {
    expect(edgeCases).toHaveLength(914);
    const accepted: number[] = [];
    for (const { number, key, msg, sig } of edgeCases)
      if (await verify(bytesOf(key), new TextEncoder().encode(msg), bytesOf(sig))) accepted.push(number);
    const allowed = edgeCases.filter(({ flags }) => !flags.some((flag) => REFUSED.includes(flag)));
    expect(accepted).toEqual(allowed.map(({ number }) => number));
    expect(accepted).toHaveLength(43);
  },
);

test("points of low order are known here, in every spelling, so that no runtime decides on them", () => {
  for (const { key, sig, flags } of edgeCases)
    expect(hasLowOrderPoint(bytesOf(key), bytesOf(sig)), flags.join(", ")).toBe(
      flags.includes("low_order_A") || flags.includes("low_order_R"),
    );
});
