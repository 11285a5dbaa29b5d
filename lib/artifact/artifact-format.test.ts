import fc from "fast-check";
import { expect, test } from "vitest";
import { checkArtifact } from "./detect";
import type { ArtifactReader } from "./structure-cursor";

const utf8 = (text: string) => new TextEncoder().encode(text);
const join = (...parts: (Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

function readerOf(bytes: Uint8Array): ArtifactReader & { bytesRead: number } {
  const reader = {
    sizeBytes: bytes.length,
    bytesRead: 0,
    read: async (offset: number, length: number) => {
      const piece = bytes.slice(offset, offset + length);
      reader.bytesRead += piece.length;
      return piece;
    },
  };
  return reader;
}

const check = (name: string, bytes: Uint8Array) => checkArtifact(name, readerOf(bytes));

function littleEndian(value: number | bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 255n));
}

function safetensors(header: unknown, data: number, text = JSON.stringify(header)): Uint8Array {
  return join(littleEndian(utf8(text).length, 8), utf8(text), new Uint8Array(data));
}

const tensor = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const ggufText = (text: string) => join(littleEndian(utf8(text).length, 8), utf8(text));

function gguf(
  options: {
    offset?: number;
    rows?: number;
    rowElements?: number;
    type?: number;
    data?: number;
    alignment?: number;
  } = {},
): Uint8Array {
  const { offset = 0, rows = 2, rowElements = 32, type = 8, data = 68, alignment = 32 } = options;
  const head = join(
    utf8("GGUF"),
    littleEndian(3, 4),
    littleEndian(1, 8),
    littleEndian(3, 8),
    ggufText("general.architecture"),
    littleEndian(8, 4),
    ggufText("llama"),
    ggufText("general.alignment"),
    littleEndian(4, 4),
    littleEndian(alignment, 4),
    ggufText("tokens"),
    littleEndian(9, 4),
    littleEndian(8, 4),
    littleEndian(2, 8),
    ggufText("a"),
    ggufText("b"),
    ggufText("weight"),
    littleEndian(2, 4),
    littleEndian(rowElements, 8),
    littleEndian(rows, 8),
    littleEndian(type, 4),
    littleEndian(offset, 8),
  );
  const padding = new Uint8Array(Math.ceil(head.length / 32) * 32 - head.length);
  return join(head, padding, new Uint8Array(data));
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const number = (field: number, value: number) => [...varint(field * 8), ...varint(value)];
const message = (field: number, content: Uint8Array | readonly number[]) => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
const named = (field: number, text: string) => message(field, utf8(text));

const weight = (extra: readonly number[] = [], bytes = 24) =>
  join(message(1, [2, 3]), number(2, 1), named(8, "W"), message(9, new Uint8Array(bytes)), extra);

function onnx(weightBytes = weight(), nodes = 1, extra: readonly number[] = []): Uint8Array {
  const node = join(named(1, "X"), named(1, "W"), named(2, "Y"), named(4, "MatMul"));
  const graph = join(
    ...Array.from({ length: nodes }, () => message(1, node)),
    named(2, "g"),
    message(5, weightBytes),
    message(11, named(1, "X")),
    message(12, named(1, "Y")),
  );
  return join(number(1, 9), named(2, "test"), message(7, graph), message(8, number(2, 13)), extra);
}

test("a sound safetensors file passes with what it holds", async () => {
  const header = {
    __metadata__: { format: "pt" },
    b: tensor("F16", [3], 8, 14),
    a: tensor("F32", [2, 1], 0, 8),
    empty: tensor("I64", [0, 5], 14, 14),
  };
  expect(await check("model.safetensors", safetensors(header, 14))).toEqual({
    format: "safetensors",
    ok: true,
    facts: { tensorCount: 3, parameterCount: 5, dtypes: ["F16", "F32", "I64"], metadataEntries: 1 },
  });
  expect(await check("upload", safetensors(header, 14))).toMatchObject({ format: "safetensors", ok: true });
});

test.each([
  ["a gap", { a: tensor("U8", [1], 1, 2) }, 2, "malformed"],
  ["an overlap", { a: tensor("U8", [2], 0, 2), b: tensor("U8", [2], 1, 3) }, 3, "malformed"],
  ["bytes after the end", { a: tensor("U8", [1], 0, 1) }, 9, "malformed"],
  ["missing data", { a: tensor("U8", [8], 0, 8) }, 7, "truncated"],
  ["a span unlike its shape", { a: tensor("F32", [2], 0, 4) }, 4, "size_mismatch"],
  ["a product beyond 64 bits", { a: tensor("F32", [2 ** 52, 2 ** 52], 0, 0) }, 0, "size_mismatch"],
  ["an unknown type", { a: tensor("F128", [1], 0, 16) }, 16, "unsupported_type"],
  ["a negative size", { a: tensor("U8", [-1], 0, 0) }, 0, "malformed"],
  ["a span backwards", { a: tensor("U8", [0], 4, 2) }, 4, "size_mismatch"],
  ["metadata that is not text", { __metadata__: { x: 1 } }, 0, "malformed"],
  ["a header that is a list", [], 0, "malformed"],
] as const)("refuses safetensors with %s", async (_, header, data, refusalCode) => {
  expect(await check("m.safetensors", safetensors(header, data))).toMatchObject({ ok: false, refusalCode });
});

test("a safetensors header is at most 16 MB, whatever its length field claims", async () => {
  const huge = join(littleEndian(16 * 1024 * 1024 + 1, 8), utf8("{}"));
  expect(await check("m.safetensors", huge)).toMatchObject({ refusalCode: "too_large" });
  const endless = join(littleEndian(2n ** 64n - 1n, 8), utf8("{}"));
  expect(await check("m.safetensors", endless)).toMatchObject({ refusalCode: "malformed" });
  expect(await check("m.safetensors", utf8("x"))).toMatchObject({ refusalCode: "truncated" });
});

test("a sound GGUF file passes with what it holds", async () => {
  expect(await check("model.gguf", gguf())).toMatchObject({
    format: "gguf",
    ok: true,
    facts: { version: 3, tensorCount: 1, parameterCount: 64, tensorTypes: ["Q8_0"], architecture: "llama" },
  });
});

test.each([
  ["a tensor past the end", { rows: 3 }, "truncated"],
  ["an unaligned tensor", { offset: 8 }, "malformed"],
  ["an unknown tensor type", { type: 200 }, "unsupported_type"],
  ["rows that do not fill their blocks", { type: 12 }, "size_mismatch"],
  ["an alignment of zero", { alignment: 0 }, "malformed"],
] as const)("refuses GGUF with %s", async (_, options, refusalCode) => {
  expect(await check("m.gguf", gguf(options))).toMatchObject({ ok: false, refusalCode });
});

test("GGUF counts are bounded before anything is allocated for them", async () => {
  const head = join(utf8("GGUF"), littleEndian(3, 4));
  const many = join(head, littleEndian(2 ** 40, 8), littleEndian(0, 8));
  expect(await check("m.gguf", many)).toMatchObject({ refusalCode: "too_large" });
  const old = join(utf8("GGUF"), littleEndian(1, 4), new Uint8Array(40));
  expect(await check("m.gguf", old)).toMatchObject({ refusalCode: "unsupported_version" });
  const bigEndian = join(utf8("GGUF"), [0, 0, 0, 3], new Uint8Array(40));
  expect(await check("m.gguf", bigEndian)).toMatchObject({ refusalCode: "unsupported_version" });
});

test("a sound ONNX file passes with what it holds, by name or by content", async () => {
  const expected = {
    format: "onnx",
    ok: true,
    facts: {
      irVersion: 9,
      opsets: ["ai.onnx 13"],
      producer: "test",
      nodeCount: 1,
      initializerCount: 1,
      parameterCount: 6,
      operators: ["MatMul"],
      inputs: ["X"],
      outputs: ["Y"],
      ...{ inputTypes: ["unknown"], outputTypes: ["unknown"], labels: [] },
      ...{ neighbours: [], quantised: "no" },
    },
  };
  expect(await check("model.onnx", onnx())).toEqual(expected);
  expect(await check("upload", onnx())).toEqual(expected);
});

test.each([
  ["weights in another file", onnx(weight(number(14, 1))), "external_data"],
  ["a path to another file", onnx(weight(message(13, named(1, "location")))), "external_data"],
  ["weights shorter than their dimensions", onnx(weight([], 20)), "size_mismatch"],
  ["no operators", onnx(weight(), 0), "malformed"],
  ["two networks", onnx(weight(), 1, message(7, message(1, named(4, "Relu")))), "malformed"],
  ["its end cut off", onnx().slice(0, -3), "truncated"],
  ["a field no model has", onnx(weight(), 1, number(99, 1)), "malformed"],
  ["text instead of protobuf", utf8("<!doctype html>"), "malformed"],
] as const)("refuses ONNX with %s", async (_, bytes, refusalCode) => {
  expect(await check("m.onnx", bytes)).toMatchObject({ format: "onnx", ok: false, refusalCode });
});

test("external weights are found inside nested networks too", async () => {
  const inner = join(message(5, weight(number(14, 1))));
  const branch = join(named(4, "If"), message(5, message(6, inner)));
  const bytes = join(number(1, 9), message(7, message(1, branch)), message(8, number(2, 13)));
  expect(await check("renamed.bin", bytes)).toMatchObject({ format: "onnx", refusalCode: "external_data" });
});

test("networks nested without end are refused, not followed", async () => {
  let graph: Uint8Array = join(message(1, named(4, "Relu")));
  for (let depth = 0; depth < 40; depth++) graph = join(message(1, message(5, message(6, graph))));
  const bytes = join(number(1, 9), message(7, graph), message(8, number(2, 13)));
  expect(await check("m.onnx", bytes)).toMatchObject({ ok: false, refusalCode: "malformed" });
});

test("a gigabyte of weights is stepped over, not read", async () => {
  const gigabyte = 2 ** 30;
  const description = join(
    message(1, [...varint(gigabyte / 4)]),
    number(2, 1),
    varint(9 * 8 + 2),
    varint(gigabyte),
  );
  const node = message(1, named(4, "Relu"));
  const graphHead = join(node, varint(5 * 8 + 2), varint(description.length + gigabyte), description);
  const start = join(number(1, 9), varint(7 * 8 + 2), varint(graphHead.length + gigabyte), graphHead);
  const end = join(message(8, number(2, 13)));
  let bytesRead = 0;
  const reader: ArtifactReader = {
    sizeBytes: start.length + gigabyte + end.length,
    read: async (offset, length) => {
      bytesRead += length;
      const piece = new Uint8Array(Math.min(length, reader.sizeBytes - offset));
      for (let index = 0; index < piece.length; index++) {
        const at = offset + index;
        piece[index] = start[at] ?? end[at - start.length - gigabyte] ?? 0;
      }
      return piece;
    },
  };
  expect(await checkArtifact("big.onnx", reader)).toMatchObject({
    ok: true,
    facts: { parameterCount: gigabyte / 4 },
  });
  expect(bytesRead).toBeLessThan(300_000);
});

const zip = (name: string) => join([0x50, 0x4b, 3, 4], utf8(name), [0x50, 0x4b, 5, 6], new Uint8Array(18));

test.each([
  ["a PyTorch zip", "model.pt", zip("archive/data.pkl"), "pickle"],
  ["a PyTorch zip behind other bytes", "x.dat", join(new Uint8Array(64), zip("archive/data.pkl")), "pickle"],
  ["a PyTorch zip behind a sound GGUF file", "x.gguf", join(gguf(), zip("archive/data.pkl")), "pickle"],
  [
    "an HDF5 file",
    "model.h5",
    join([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], new Uint8Array(64)),
    "keras",
  ],
  ["a Keras zip", "model.keras", zip("model.weights.h5"), "keras"],
])("refuses %s with the reason", async (_, name, bytes, format) => {
  const refused = await check(name, bytes);
  expect(refused).toMatchObject({ format, ok: false, refusalCode: "runs_code" });
  expect(refused.ok ? "" : refused.reason).toContain("can run any program");
});

test("an empty file is refused", async () => {
  expect(await check("x.onnx", new Uint8Array())).toMatchObject({ ok: false, refusalCode: "empty" });
});

test.each(["F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"])(
  "safetensors may hold floats of eight bits: %s",
  async (dtype) => {
    expect(await check("m.safetensors", safetensors({ a: tensor(dtype, [8], 0, 8) }, 8))).toMatchObject({
      ok: true,
    });
  },
);

test("metadata of a safetensors file may be null", async () => {
  const header = { __metadata__: null, a: tensor("F32", [1], 0, 4) };
  expect(await check("m.safetensors", safetensors(header, 4))).toMatchObject({
    facts: { metadataEntries: 0 },
  });
});

test.each([
  [
    "a tensor",
    `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a" :{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`,
  ],
  [
    "a tensor, once escaped",
    `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0061":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`,
  ],
  ["a member of a tensor", `{"a":{"dtype":"F32","dtype":"U8","shape":[1],"data_offsets":[0,1]}}`],
  [
    "an entry of the metadata",
    `{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`,
  ],
])("refuses safetensors that name %s twice", async (_, text) => {
  const refused = await check("m.safetensors", safetensors({}, 1, text));
  expect(refused).toMatchObject({ ok: false, refusalCode: "malformed" });
  expect(refused.ok ? "" : refused.reason).toContain("twice");
});

test("quotation marks and colons inside names are no keys", async () => {
  const header = { __metadata__: { 'a":"b\\': '":"' }, 'x":': tensor("U8", [1], 0, 1) };
  expect(await check("m.safetensors", safetensors(header, 1))).toMatchObject({ ok: true });
});

test("of packed weights no number of parameters is claimed", async () => {
  const header = { "l.qweight": tensor("I32", [8, 4], 0, 128), "l.scales": tensor("F16", [4], 128, 136) };
  const { facts } = await check("m.safetensors", safetensors(header, 136));
  expect(facts).toEqual({ tensorCount: 2, isPacked: true, dtypes: ["F16", "I32"], metadataEntries: 0 });
});

test.each([
  ["MLX", { "l.weight": "U32", "l.scales": "F16", "l.biases": "F16" }, true],
  ["ModelOpt", { "l.weight": "U8", "l.weight_scale": "F8_E4M3", "l.weight_scale_2": "F32" }, true],
  ["MXFP4", { mlp_blocks: "U8", mlp_scales: "U8" }, true],
  ["eight bits a weight", { "l.weight": "I8", "l.weight_scale": "F32" }, false],
  ["no packing", { "l.weight": "F16", "l.scales": "F16" }, false],
])("weights are known as packed by what stands beside them: %s", async (_, types, isPacked) => {
  const bytes: Record<string, number> = { U8: 1, I8: 1, F8_E4M3: 1, F16: 2, U32: 4, F32: 4 };
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, tensor(type, [1], at, (at += bytes[type] ?? 0))]),
  );
  const { facts } = await check("m.safetensors", safetensors(header, at));
  expect("isPacked" in facts).toBe(isPacked);
});

test.each([
  ["NVFP4", 40, 64, 36],
  ["Q1_0", 41, 128, 18],
])("GGUF may hold %s: blocks of their own size", async (name, type, elements, blockBytes) => {
  const bytes = gguf({ type, rows: 2, rowElements: elements, data: 2 * blockBytes });
  expect(await check("m.gguf", bytes)).toMatchObject({ ok: true, facts: { tensorTypes: [name] } });
  expect(await check("m.gguf", bytes.slice(0, -1))).toMatchObject({ refusalCode: "truncated" });
});

test.each([25, 26])("ONNX may hold whole numbers of two bits: type %i", async (type) => {
  const packed = (bytes: number) =>
    join(message(1, [4, 4]), number(2, type), named(8, "W"), message(9, new Uint8Array(bytes)));
  expect(await check("m.onnx", onnx(packed(4)))).toMatchObject({ ok: true, facts: { parameterCount: 16 } });
  expect(await check("m.onnx", onnx(packed(5)))).toMatchObject({ refusalCode: "size_mismatch" });
});

test("a failing reader is not mistaken for a bad file", async () => {
  const reader = { sizeBytes: 100, read: () => Promise.reject(new Error("disk")) };
  await expect(checkArtifact("a.onnx", reader)).rejects.toThrow("disk");
});

const names = fc.constantFrom("a.onnx", "a.safetensors", "a.gguf", "a.bin", "a.h5", "a");

test("no bytes crash a check, and a refusal always has a reason", async () => {
  const prefix = fc.constantFrom(
    [],
    [...utf8("GGUF"), 3, 0, 0, 0],
    [0x08, 9, 0x3a],
    [16, 0, 0, 0, 0, 0, 0, 0, 0x7b],
    [0x50, 0x4b, 3, 4],
    [0x80, 4],
  );
  const bytes = fc.tuple(prefix, fc.uint8Array({ maxLength: 300 })).map(([head, rest]) => join(head, rest));
  await fc.assert(
    fc.asyncProperty(names, bytes, async (name, given) => {
      const result = await check(name, given);
      if (!result.ok) expect(result.reason.length).toBeGreaterThan(10);
    }),
    { numRuns: 2_000 },
  );
});

test("no changed, cut or doubled byte of a sound file crashes a check, and cutting one is never unnoticed", async () => {
  const sound = fc.constantFrom(
    ["a.onnx", onnx()] as const,
    ["a.gguf", gguf()] as const,
    ["a.safetensors", safetensors({ a: tensor("F32", [4], 0, 16) }, 16)] as const,
  );
  const damage = fc.tuple(
    sound,
    fc.nat(),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom("change", "cut", "insert"),
  );
  await fc.assert(
    fc.asyncProperty(damage, async ([[name, bytes], place, value, how]) => {
      const at = place % bytes.length;
      const before = bytes.slice(0, at);
      const damaged =
        how === "cut" ? before : join(before, [value], bytes.slice(how === "change" ? at + 1 : at));
      const result = await check(name, damaged);
      if (how === "cut") expect(result.ok).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
