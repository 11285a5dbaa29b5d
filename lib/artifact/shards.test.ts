import { expect, test } from "vitest";
import { checkArtifact } from "./detect";
import { missingShards, missingText } from "./shards";

async function shardsOf(name: string, content: unknown) {
  const bytes = new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return (await checkArtifact(name, { sizeBytes: bytes.length, read })).facts["shards"];
}

const index = {
  metadata: {},
  weight_map: { "a.w": "part-b.safetensors", b: "part-a.safetensors", c: "part-a.safetensors" },
};

test("an index of weights says which files it names, each once, and other files name none", async () => {
  expect(await shardsOf("model.safetensors.index.json", index)).toEqual([
    "part-a.safetensors",
    "part-b.safetensors",
  ]);
  expect(await shardsOf("config.json", index)).toBeUndefined();
  for (const other of [{}, { weight_map: [] }, "[1]", '{"weight_map"'])
    expect(await shardsOf("model.safetensors.index.json", other)).toBeUndefined();
});

test("weights that an index names and that are not beside it are missing", () => {
  const shards = ["a.safetensors", "b.safetensors"];
  const files = [
    { path: "fp16/model.safetensors.index.json", shards },
    { path: "fp16/a.safetensors" },
    { path: "b.safetensors" },
  ];
  const missing = missingShards(files);
  expect(missing).toEqual([{ path: files[0]?.path, count: 1, first: ["fp16/b.safetensors"] }]);
  expect(missing.map(missingText)).toEqual([
    "fp16/model.safetensors.index.json belongs with a file that is not here: fp16/b.safetensors.",
  ]);
  expect(missingShards([...files, { path: "fp16/b.safetensors" }])).toEqual([]);
});

test("parts that count themselves are complete or missing, without an index too", () => {
  const part = (at: number, of = 3) => ({ path: `leaf-0000${at}-of-0000${of}.gguf` });
  expect(missingShards([part(1), part(2), part(3)])).toEqual([]);
  expect(missingShards([part(2)])).toEqual([
    { path: part(2).path, count: 2, first: [part(1).path, part(3).path] },
  ]);
  expect(missingShards([{ path: "w-00001-of-99999.bin" }])[0]).toMatchObject({ count: 1_999 });
});

test("what an index names is not counted twice", () => {
  const shards = ["w-00001-of-00002.safetensors", "w-00002-of-00002.safetensors"];
  const files = [{ path: "w.index.json", shards }, { path: "w-00001-of-00002.safetensors" }];
  expect(missingShards(files)).toHaveLength(1);
});
