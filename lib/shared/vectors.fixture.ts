import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** Signatures of Wycheproof under one key; all bytes are hex. */
export type SignatureGroup = {
  key: string;
  tests: {
    id: number;
    comment: string;
    flags: string[];
    msg: string;
    sig: string;
    result: "valid" | "invalid" | "acceptable";
  }[];
};

/** What others wrote to test programs like this, unpacked from `lib/<domain>/vectors/<name>.json.gz`. */
export function readVectors<Vectors>(domain: string, name: string): Vectors {
  const file = path.join(import.meta.dirname, "..", domain, "vectors", `${name}.json.gz`);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Vectors;
}

export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

type Judge = (
  key: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
) => boolean | Promise<boolean>;

/** Each signature on which this judge and the file differ, in words; what the file leaves open is among them. */
export async function disagreementsOf(groups: readonly SignatureGroup[], judge: Judge): Promise<string[]> {
  const found: string[] = [];
  for (const { key, tests } of groups)
    for (const { id, comment, flags, msg, sig, result } of tests) {
      const given = (await judge(bytesOf(key), bytesOf(msg), bytesOf(sig))) ? "valid" : "invalid";
      if (given !== result)
        found.push(`${id} (${flags.join(", ")}; ${comment}) is ${given} here, not ${result}`);
    }
  return found;
}
