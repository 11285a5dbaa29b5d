import { fileOf } from "./bundles.fixture";
import { type Attack, type Outcome, contractOf, text } from "./hostile-bundles.fixture";
import { runtimes } from "./runtimes";

const ggufContract = contractOf("gguf", {
  task: "text-generation",
  entry: "model.gguf",
  output: { kind: "text" },
  prompt: {
    template: "{{input}}",
    ...{ stop: [], maxTokens: 64, temperature: "0", seed: 1, constraint: { kind: "none" } },
  },
  runtime: runtimes.gguf,
});

/** Version 3, so many tensors, one member of the metadata: its name and what is said of its value. */
function ggufHead(tensors: bigint, members: bigint, ...value: Buffer[]): Buffer {
  const head = Buffer.alloc(24);
  head.write("GGUF");
  head.writeUInt32LE(3, 4);
  head.writeBigUInt64LE(tensors, 8);
  head.writeBigUInt64LE(members, 16);
  return Buffer.concat([head, ...value]);
}

const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const named = (name: string) => Buffer.concat([u64(BigInt(name.length)), Buffer.from(name)]);

/** The same for GGUF: headers that say more than there is, and a model that need not stop. */
export function ggufAttacks(whole: Uint8Array): Attack[] {
  const gguf = (name: string, bytes: Uint8Array, seconds: number, outcome: Outcome): Attack => ({
    ...{ name: `gguf: ${name}`, rows: [text], seconds, outcome },
    bundle: { files: [fileOf("model.gguf", bytes)], contract: ggufContract, isForeign: true },
  });
  const many = 2n ** 60n;
  return [
    gguf("half of a file", whole.subarray(0, whole.length / 2), 30, "refused"),
    gguf("2^60 tensors", ggufHead(many, 0n), 30, "refused"),
    gguf("2^60 members", ggufHead(0n, many), 30, "refused"),
    gguf("a name of 2^60 letters", ggufHead(0n, 1n, u64(many)), 30, "refused"),
    gguf("a list of 2^60 numbers", ggufHead(0n, 1n, named("a"), u32(9), u32(4), u64(many)), 30, "ended"),
    gguf("a page instead of a model", Buffer.from("<!doctype html><p>Not found"), 30, "refused"),
  ];
}

/** The same for fastText: a header of a supervised model with so many dimensions, words and buckets, and nothing after it. */
export function fasttextAttacks(whole: Uint8Array): Attack[] {
  const fasttext = (name: string, bytes: Uint8Array, outcome: Outcome): Attack => ({
    ...{ name: `fasttext: ${name}`, rows: [text], seconds: 20, outcome },
    bundle: {
      files: [fileOf("model.bin", bytes)],
      contract: contractOf("fasttext", { runtime: runtimes.fasttext }),
      isForeign: true,
    },
  });
  const huge = Buffer.from(whole);
  huge.writeInt32LE(2 ** 31 - 1, 8);
  return [
    fasttext("half of a file", whole.subarray(0, whole.length / 2), "refused"),
    fasttext("vectors of two thousand million numbers", huge, "refused"),
    fasttext("a page instead of a model", Buffer.from("<!doctype html><p>Not found"), "refused"),
  ];
}
