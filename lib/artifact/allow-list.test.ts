import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkArtifact } from "./detect";
import { keptFormats } from "./structure-cursor";

const bytesOf = (text: string) => Buffer.from(text, "latin1");
const fromHex = (hex: string) => Buffer.from(hex, "hex");

function check(name: string, bytes: Uint8Array) {
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return checkArtifact(name, { sizeBytes: bytes.length, read });
}

/** `{"w": [1, 2.5, None], "n": ("x", True)}` as Python's pickle writes it, protocols 0 to 5. */
const pickles = [
  "286470300a56770a70310a286c70320a49310a6146322e350a614e6173566e0a70330a2856780a70340a4930310a7470350a732e",
  "7d71002858010000007771015d7102284b014740040000000000004e6558010000006e71032858010000007871044930310a747105752e",
  "80027d71002858010000007771015d7102284b014740040000000000004e6558010000006e7103580100000078710488867105752e",
  "80037d71002858010000007771015d7102284b014740040000000000004e6558010000006e7103580100000078710488867105752e",
  "80049524000000000000007d94288c0177945d94284b014740040000000000004e658c016e948c017894888694752e",
  "80059524000000000000007d94288c0177945d94284b014740040000000000004e658c016e948c017894888694752e",
].map(fromHex);

const calling = {
  "calls by REDUCE": bytesOf("cos\nsystem\n(S'id'\ntR."),
  "calls and is cut off before its end": bytesOf("cos\nsystem\n(S'id'\ntR"),
  "calls by INST": bytesOf("(S'id'\nios\nsystem\n."),
  "calls by OBJ": bytesOf("(cos\nsystem\nS'id'\no."),
  "calls what it put aside": bytesOf("cos\nsystem\np7\n0(S'id'\ntp1\n0g7\ng1\nR."),
  "sets a state by BUILD": bytesOf("capp\nsettings\n(S'a'\nI1\ndb."),
  "calls after a first harmless one": bytesOf("N.cos\nsystem\n(S'id'\ntR."),
  "calls by NEWOBJ": bytesOf("\x80\x02cos\nPopen\n)\x81."),
  "calls by STACK_GLOBAL": bytesOf("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."),
  "goes on as something else, as joblib's do": bytesOf(
    "\x80\x04\x95\x08\0\0\0\0\0\0\0\x8c\x02npNN\xff\xff\xff",
  ),
};

const names = ["weights.dat", "notes.txt", "model.safetensors", "model.gguf", "pytorch_model.bin", "model"];

test.each([
  ...pickles.map((bytes, protocol): [string, Buffer] => [`of protocol ${protocol}`, bytes]),
  ...Object.entries<Buffer>(calling),
  ["behind zeros", Buffer.concat([Buffer.alloc(512), pickles[2] ?? Buffer.alloc(0)])],
  ["behind empty lines", bytesOf("  \r\n\n\tcos\nsystem\n(S'id'\ntR.")],
  ["behind a run of letters", bytesOf("AAAAAAAAcos\nsystem\n(S'id'\ntR.")],
])("a pickle %s is called one under any name", async (_, bytes) => {
  for (const name of names) {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ format: "pickle", ok: false, refusalCode: "runs_code" });
    expect(refused.ok ? "" : refused.reason).toMatch(
      /^This is a Python pickle\. Opening it can run any program/,
    );
  }
});

test.each([
  ["gzip", gzipSync(pickles[0] ?? "")],
  ["gzip", gzipSync(pickles[4] ?? "")],
  ["zlib", deflateSync(pickles[3] ?? "")],
  ["zlib", deflateSync(bytesOf("cos\nsystem\n(S'id'\ntR."), { level: 0 })],
])("a pickle packed with %s is called one", async (packing, bytes) => {
  for (const name of ["weights.dat", "rows.csv.gz", "rows.jsonl.gz", "x.joblib"]) {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ format: "pickle", refusalCode: "runs_code" });
    expect(refused.ok ? "" : refused.reason).toContain(`packed with ${packing}`);
  }
});

test.each([
  ["names of classes", "labels.txt", "count\nclay\ncopper\ncotton\nbrick\n"],
  ["a sentence", "notes.txt", "hello."],
  ["a list", "notes.txt", "(a) one\n(b) two\n"],
  ["one column", "rows.csv", "class\ncat\nsnow\nbird\n"],
  [
    "a card about pickles",
    "README.md",
    "It was a pickle, `cos\\nsystem\\n(S'id'\\ntR.`, once:\n\ncos\nsystem\n(S'id'\ntR.\n",
  ],
])("text is no pickle for its letters: %s", async (_, name, text) => {
  expect(await check(name, Buffer.from(text))).toMatchObject({ format: "text", ok: true });
});

test("what cannot be told from a pickle in 200,000 steps is refused, and not called one", async () => {
  const refused = await check("n.txt", Buffer.alloc(200_001, "N"));
  expect(refused).toMatchObject({ format: "other", refusalCode: "too_large" });
  expect(refused.ok ? "" : refused.reason).not.toContain("This is");
});

function npy(descr: string, shape: string, data: number, version = 1): Buffer {
  const header = bytesOf(
    `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + "\n",
  );
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    bytesOf(`\x93NUMPY${String.fromCharCode(version)}\0`),
    length,
    header,
    Buffer.alloc(data),
  ]);
}

test.each([
  ["'<f4'", "(2, 3)", 24, 1],
  ["'<f8'", "()", 8, 1],
  ["'|b1'", "(5,)", 5, 2],
  ["'<i8'", "(0, 7)", 0, 3],
])("a NumPy array of plain numbers is kept: %s %s", async (descr, shape, data, version) => {
  expect(await check("labels.npy", npy(descr, shape, data, version))).toMatchObject({
    format: "npy",
    ok: true,
  });
});

test.each([
  ["of objects", npy("'|O'", "(2,)", 40), "runs_code", "which is a pickle"],
  [
    "with a field of objects",
    npy("[('a', '<f4'), ('b', '|O')]", "(2,)", 40),
    "runs_code",
    "which is a pickle",
  ],
  ["of records", npy("[('a', '<f4')]", "(2,)", 8), "unsupported_type", "plain numbers"],
  ["of words", npy("'<U3'", "(2,)", 24), "unsupported_type", "plain numbers"],
  ["with more bytes than its shape says", npy("'<f4'", "(2,)", 9), "size_mismatch", "not as long"],
  ["with an impossible shape", npy("'<f4'", "(99999999999999999999,)", 0), "malformed", "shape"],
  ["whose header is a program", npy("__import__('os')", "(2,)", 8), "malformed", "header"],
  ["whose header has no end", npy("'<f4'", "(2,)", 8).subarray(0, 60), "truncated", "ends before"],
])("a NumPy array %s is refused", async (_, bytes, refusalCode, reason) => {
  const refused = await check("labels.npy", bytes);
  expect(refused).toMatchObject({ format: "npy", ok: false, refusalCode });
  expect(refused.ok ? "" : refused.reason).toContain(reason);
});

function zip(name: string): Buffer {
  return Buffer.concat([bytesOf(`PK\x03\x04${name}PK\x05\x06`), Buffer.alloc(18)]);
}

function tar(mark: string): Buffer {
  const header = Buffer.alloc(512);
  header.write("model_weights.ckpt", 0);
  header.write(mark, 257);
  header.fill(" ", 148, 156);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8)}\0`, 148);
  return Buffer.concat([header, Buffer.alloc(1024)]);
}

const gguf = Buffer.concat([bytesOf("GGUF\x03\0\0\0"), Buffer.alloc(16), Buffer.alloc(8)]);

test.each([
  ["zip archive", zip("readme.txt")],
  ["zip archive of NumPy arrays (.npz)", zip("a.npyPK\x01\x02")],
  ["zip archive", Buffer.concat([gguf, zip("behind a GGUF file")])],
  ["tar archive", tar("ustar")],
  ["tar archive", tar("")],
  ["7-Zip archive", bytesOf("7z\xbc\xaf\x27\x1c\0\x04")],
  ["RAR archive", bytesOf("Rar!\x1a\x07\x01\0")],
  ["bzip2 file", bytesOf("BZh91AY&SY\x92\x32\xc4\x42")],
  ["xz file", bytesOf("\xfd7zXZ\0\0\x04")],
  ["Zstandard file", zstdCompressSync("rows")],
  ["LZ4 file", bytesOf("\x04\x22\x4d\x18\0")],
  ["zlib stream", deflateSync("words, words")],
  ["gzip file of something that is not rows", gzipSync(gguf)],
  ["gzip file of something that is not rows", gzipSync(gzipSync("a,b\n1,2\n"))],
  ["gzip file of something that is not rows", gzipSync(zip("a.csv"))],
])("an archive is refused as what it is: %s", async (what, bytes) => {
  for (const name of ["weights.dat", "model.safetensors", "rows.csv.gz", "model.nemo"]) {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({
      format: /gzip/.test(what) ? "rows" : "archive",
      ok: false,
      refusalCode: "archive",
    });
    expect(refused.ok ? "" : refused.reason).toContain(`This is a ${what}`);
  }
});

const windows = Buffer.alloc(80);
windows.write("MZ", 0);
windows.writeUInt32LE(64, 0x3c);
windows.write("PE\0\0", 64);

test.each([
  ["program for Linux (ELF)", bytesOf("\x7fELF\x02\x01\x01")],
  ["program for Windows", windows],
  ["program for macOS", bytesOf("\xcf\xfa\xed\xfe\x07\0\0\x01")],
  ["WebAssembly program", bytesOf("\0asm\x01\0\0\0")],
  ["script", bytesOf("#!/bin/sh\nid\n")],
])("a program is refused as what it is: %s", async (what, bytes) => {
  for (const name of ["notes.txt", "model.bin", "tool"]) {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ format: "program", refusalCode: "runs_code" });
    expect(refused.ok ? "" : refused.reason).toContain(`This is a ${what}`);
  }
});

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`;

test.each([
  ["an SVG drawing", SVG],
  ["an SVG drawing", `\uFEFF \n<!-- a --><!-- b -->${SVG}`],
  ["an SVG drawing", `<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">${SVG}`],
  ["an SVG drawing", `<v:svg xmlns:v="http://www.w3.org/2000/svg"/>`],
  ["an SVG drawing", `<x:picture xmlns:x='http://www.w3.org/2000/svg'/>`],
  ["an SVG drawing", `<!-->${SVG}-->`],
  ["an XML document", `<?xml version="1.0"?><a/>`],
  ["a web page (HTML)", "<!doctype html><p>Hello"],
  ["a web page (HTML)", "\n\n<HTML lang=en>"],
  ["a web page (HTML)", "<!-- a --!><script>alert(1)</script>"],
  ["a web page (HTML)", "<body onload=alert(1)>"],
  ["a web page (HTML)", "<iframe src=x>"],
])("%s is refused under any name, packed or not", async (what, text) => {
  for (const [name, bytes] of [
    ["notes.txt", Buffer.from(text)],
    ["logo.svg", Buffer.from(text)],
    ["logo.svgz", gzipSync(text)],
    ["rows.csv.gz", gzipSync(text)],
  ] as const) {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ ok: false, refusalCode: "runs_code" });
    expect(refused.ok ? "" : refused.reason).toContain(`This is ${what}`);
  }
});

test.each([
  ["README.md", '<p align="center"><img src="x"></p>\n\n# Card'],
  ["README.md", "---\nlicense: mit\n---\n# Card\n<script>alert(1)</script>"],
  ["README", "Read this."],
  ["config.json", '{"a":1}'],
  ["vocab.txt", "<s>\n<pad>\n</s>\n"],
  ["notes.txt", "\uFEFFMit BOM, größer, 日本語, 👩‍🔬\r\n\ttabs\f"],
  ["rows.csv", "label,prediction\na,a\n"],
  ["rows.jsonl", '{"label":"a"}\n'],
  ["model.sig", "{}"],
  [".gitattributes", "* text\n"],
])("text is kept: %s", async (name, text) => {
  expect(await check(name, Buffer.from(text))).toEqual({ format: "text", ok: true, facts: {} });
});

test.each([8483, 35_615, 40_056, 40_223, 559_903])(
  "a header whose length looks like another mark is still one of safetensors: %i bytes",
  async (length) => {
    const text = JSON.stringify({ a: { dtype: "U8", shape: [1], data_offsets: [0, 1] } }).padEnd(length);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(length));
    const bytes = Buffer.concat([size, bytesOf(text), Buffer.alloc(1)]);
    expect(await check("model.safetensors", bytes)).toMatchObject({ format: "safetensors", ok: true });
  },
);

test("rows packed with gzip are kept, also of several members, and nothing may follow them", async () => {
  const rows = gzipSync("label,prediction\na,a\n");
  expect(await check("rows.csv.gz", rows)).toEqual({ format: "rows", ok: true, facts: {} });
  expect(await check("rows.csv.gz", Buffer.concat([rows, gzipSync("b,b\n")]))).toMatchObject({ ok: true });
  for (const damaged of [
    rows.subarray(0, -1),
    rows.subarray(0, 12),
    Buffer.concat([rows, bytesOf("more")]),
  ]) {
    expect(await check("rows.csv.gz", damaged)).toMatchObject({ ok: false, refusalCode: "malformed" });
  }
});

test("what unpacks to more than a gigabyte is refused", async () => {
  const bomb = Buffer.concat(Array<Buffer>(1025).fill(gzipSync(Buffer.alloc(1024 ** 2, "a"))));
  expect(await check("rows.csv.gz", bomb)).toMatchObject({ ok: false, refusalCode: "too_large" });
}, 60_000);

test("text is text to its last byte", async () => {
  const words = Buffer.alloc(3_000_000, "word ");
  expect(await check("a.txt", words)).toMatchObject({ ok: true });
  for (const end of ["\0", "\x1b", "\xff", "\xc3"]) {
    const refused = await check("a.txt", Buffer.concat([words, bytesOf(end)]));
    expect(refused).toMatchObject({ format: "other", refusalCode: "not_listed" });
  }
});

test.each([
  ["pytorch_model.bin", Buffer.alloc(64)],
  ["model.pkl", bytesOf("\x06\0\0\0\x10\0TransformerSpec\0\0")],
  ["pixels.png", bytesOf("\x89PNG\r\n\x1a\n\0\0\0")],
  ["x.dat", bytesOf("\x80\x02\xff\xff")],
])(
  "what is not recognised is refused as unknown, and not called a pickle for its name: %s",
  async (name, bytes) => {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ format: "other", ok: false, refusalCode: "not_listed" });
    expect(refused.ok ? "" : refused.reason).toMatch(/^Its form is not known here\. Kept are safetensors/);
  },
);

test.each([
  ["page.html", Buffer.from("words")],
  ["tool.exe", Buffer.from("words")],
  ["train.py", Buffer.from("import os\n")],
  ["model.pkl", Buffer.from("words")],
  ["array.html", npy("'<f4'", "(2, 3)", 24)],
  ["rows.gz", gzipSync("a,b\n")],
  ["rows", gzipSync("a,b\n")],
])(
  "a name that says something else is refused, and the reason names those that do not: %s",
  async (name, bytes) => {
    const refused = await check(name, bytes);
    expect(refused).toMatchObject({ ok: false, refusalCode: "name_misleads" });
    expect(refused.ok ? "" : refused.reason).toMatch(/ends in \.\w+/);
  },
);

test("whatever the bytes, what is kept is of a listed format, and every refusal says why", async () => {
  const opening = fc.constantFrom(
    "",
    "\x80\x02",
    "\x80\x04",
    "(",
    "c",
    "]",
    "}",
    "\x93NUMPY",
    "x\x9c",
    "\x1f\x8b\b",
    "<",
  );
  await fc.assert(
    fc.asyncProperty(opening, fc.uint8Array({ maxLength: 200 }), async (mark, rest) => {
      const checked = await check("weights.dat", Buffer.concat([bytesOf(mark), rest]));
      if (checked.ok) expect(keptFormats).toContain(checked.format);
      else expect(checked.reason.length).toBeGreaterThan(10);
    }),
    { numRuns: 1_000 },
  );
});
