import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkGguf } from "./gguf";

/** Values of the metadata that `@huggingface/gguf` and this reader both know, by their number in the format. */
const scalars: Record<number, () => Buffer> = {
  0: () => Buffer.from([7]),
  1: () => Buffer.from([249]),
  2: () => Buffer.from([1, 2]),
  3: () => Buffer.from([1, 255]),
  4: () => uint32(70_000),
  5: () => uint32(0xffff_fff0),
  6: () => Buffer.from([0, 0, 128, 63]),
  7: () => Buffer.from([1]),
  8: () => text("fünf"),
  10: () => uint64(5),
  11: () => uint64(2 ** 40),
  12: () => Buffer.alloc(8, 1),
};

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const uint64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string) => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
const arrayOf = (type: number, values: Buffer[]) =>
  Buffer.concat([uint32(type), uint64(values.length), ...values]);

type Tensor = { type: number; shape: [number, number] };

/** No type takes more for an element. */
const BYTES_OF_AN_ELEMENT = 8;

function fileOf(version: number, valueTypes: readonly number[], tensors: readonly Tensor[]): Buffer {
  const entries = valueTypes.map((type, index) => {
    const value = scalars[type]?.() ?? arrayOf(9, [arrayOf(8, [text("a"), text("")]), arrayOf(4, [])]);
    return Buffer.concat([text(`entry.${index}`), uint32(type), value]);
  });
  let offset = 0;
  const described = tensors.map(({ type, shape }, index) => {
    const bytes = Buffer.concat([
      text(`tensor.${index}`),
      uint32(shape.length),
      ...shape.map(uint64),
      uint32(type),
      uint64(offset),
    ]);
    offset += shape[0] * shape[1] * BYTES_OF_AN_ELEMENT;
    return bytes;
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    uint32(version),
    uint64(tensors.length),
    uint64(entries.length + 1),
    text("general.architecture"),
    uint32(8),
    text("llama"),
    ...entries,
    ...described,
  ]);
  return Buffer.concat([head, Buffer.alloc(32 + offset)]);
}

const readHere = (bytes: Buffer) =>
  checkGguf({
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });

/** The facts of `@huggingface/gguf` in our shape; it asks for the bytes by range, as from a server. */
async function readByLibrary(bytes: Buffer) {
  const { metadata, tensorInfos, parameterCount } = await gguf("https://files.test/model.gguf", {
    computeParametersCount: true,
    fetch: async (_, request) => {
      const [from = 0, to = 0] =
        (new Headers(request?.headers).get("range") ?? "").match(/\d+/g)?.map(Number) ?? [];
      return new Response(new Uint8Array(bytes.subarray(from, to + 1)));
    },
  });
  return {
    version: metadata.version,
    tensorCount: tensorInfos.length,
    parameterCount,
    tensorTypes: [...new Set(tensorInfos.map(({ dtype }) => GGMLQuantizationType[dtype]))].sort(),
    metadataEntries: Number(metadata.kv_count),
  };
}

const types = Object.values(GGMLQuantizationType).filter(
  (type): type is GGMLQuantizationType => typeof type === "number" && type < 40,
);
const tensor = fc.record({
  type: fc.constantFrom(...types),
  shape: fc.tuple(fc.constantFrom(256, 512), fc.integer({ min: 1, max: 3 })),
});
const description = fc.tuple(
  fc.constantFrom(2, 3),
  fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 15 }),
  fc.array(tensor, { maxLength: 6 }),
);

test("@huggingface/gguf reads the same counts and types from every sound file", async () => {
  await fc.assert(
    fc.asyncProperty(description, async (described) => {
      const bytes = fileOf(...described);
      const facts = { ...(await readByLibrary(bytes)), architecture: "llama" };
      expect(await readHere(bytes)).toMatchObject({ ok: true, facts });
    }),
  );
});

test("whatever passes after a byte was changed, @huggingface/gguf reads alike", async () => {
  await fc.assert(
    fc.asyncProperty(
      description,
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      async (described, place, value) => {
        const bytes = fileOf(...described);
        bytes[place % bytes.findLastIndex((byte) => byte !== 0)] = value;
        const check = await readHere(bytes);
        if (check.ok) expect(check.facts).toMatchObject(await readByLibrary(bytes));
      },
    ),
    { numRuns: 1_000 },
  );
});
