import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { toHex } from "@/lib/shared/encoding";
import { readCanonicalManifest } from "@/lib/verification/file-comparison";
import { modelManifest } from "@/lib/catalogue/model-manifest";
import { buildMemoryLog } from "@/lib/log/memory-log.fixture";
import { entryBundlePath, tilePath, tilesOfTree } from "@/lib/log/tile-path";
import { openTiles } from "@/lib/log/tile-reader";
import { makeTestKey, usageStatement } from "@/lib/statements/statements.fixture";
import { judgeBundle, judgeEnvelope } from "./judge-envelope";
import { judgeFolder, listOf } from "./judge-files";
import { judgeCheckpoint } from "./judge-log";
import {
  type Entry,
  bundleOf,
  entryOf,
  leafOf,
  logKey,
  newFolder,
  policyText,
  proofOf,
  publish,
  witness,
} from "./market.fixture";
import { hashModelFiles, listModelFiles } from "./model-files";
import { type LogEntry, readLog } from "./read-log";
import { endingOf } from "./row";
import { type Trust, policyOfText, trustedKey } from "./trust";
import { verifyText } from "./verify-file";
import { openMemory } from "./memory";

const folder = newFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = await makeTestKey();
const modelDigest = "a".repeat(64);
const logged: Entry[] = [];
for (let calls = 1; calls <= 300; calls++)
  logged.push(entryOf(await key.sign(usageStatement("acc-1", modelDigest, calls)), key));
const chosen = logged[77] as Entry;
const published = await publish(logged, true);
const [proof, bundle] = [await proofOf(published, chosen), await bundleOf(published, chosen)];
const trust: Trust = {
  keys: [trustedKey(key.spki, "given")],
  pems: [],
  policy: {
    ...policyOfText(policyText, "policy"),
    witnesses: [{ name: "W", key: witness.key }],
    quorum: "W",
  },
};
const context = { trust, memory: openMemory(path.join(folder, "state")), mayTrustFirstUse: false };

const MASKS = [1, 2, 4, 8, 16, 32, 64, 128];

/** Every place changed once, over all masks in turn; with `all`, by each of them. */
function* changesOf(bytes: Uint8Array, all = false): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at++)
    for (const mask of all ? MASKS : [MASKS[at % MASKS.length] ?? 1]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ mask;
      yield changed;
    }
}

/** Texts whose bytes are still UTF-8; others are refused before anything of them is read. */
function* textsOf(text: string, all = false): Generator<string> {
  for (const bytes of changesOf(new TextEncoder().encode(text), all)) {
    try {
      yield new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      continue;
    }
  }
}

type Shown = {
  rows: Parameters<typeof endingOf>[0];
  payloadSha256?: string;
  signer?: { keyId: string } | undefined;
  leafHash?: Uint8Array;
};

/** Payload, signer and entry, or "rejected". */
function shown({ rows, payloadSha256, signer, leafHash }: Shown): string {
  if (endingOf(rows) !== "verified") return "rejected";
  const place = rows.find(({ check }) => check === "log")?.text;
  return [payloadSha256, signer?.keyId, toHex(leafHash ?? new Uint8Array()), place].join(" ");
}

test("no byte of an envelope can change and leave another payload, signer or entry", async () => {
  const judge = async (text: string) => shown(await judgeEnvelope(text, trust, { saved: proof }));
  const right = await judge(chosen.text);
  expect(right).toContain(leafOf(chosen));
  for (const text of textsOf(chosen.text, true)) expect(["rejected", right]).toContain(await judge(text));
}, 120_000);

test("no byte of a bundle can change and leave another payload, signer or entry", async () => {
  const judge = async (text: string) => shown(await judgeBundle(text, trust));
  const right = await judge(bundle);
  expect(right).toContain("entry 77 of the 300");
  for (const text of textsOf(bundle)) expect(["rejected", right]).toContain(await judge(text));
}, 120_000);

test("no byte of a saved proof can change and leave it verified", async () => {
  const judge = async (text: string) => shown(await judgeEnvelope(chosen.text, trust, { saved: text }));
  expect(await judge(proof)).not.toBe("rejected");
  for (const text of textsOf(proof, true)) expect(await judge(text)).toBe("rejected");
}, 120_000);

test("no byte of a checkpoint can change and leave it verified", async () => {
  const judge = async (note: string) => endingOf((await judgeCheckpoint(note, trust.policy)).rows);
  expect(await judge(published.note)).toBe("verified");
  for (const note of textsOf(published.note, true)) expect(await judge(note)).not.toBe("verified");
}, 120_000);

test("whatever a changed file is taken for, the command never verifies another payload or signer", async () => {
  const files: [string, string, object][] = [
    ["envelope", chosen.text, { proof }],
    ["bundle", bundle, {}],
    ["checkpoint", published.note, {}],
  ];
  for (const [title, text, options] of files) {
    const verify = async (changed: string) => {
      const { rows, judged } = await verifyText(title, changed, context, options);
      return shown({ ...judged, rows });
    };
    const right = await verify(text);
    expect(right, title).not.toBe("rejected");
    for (const changed of textsOf(text)) {
      const answer = await verify(changed).catch((error: { ending?: string }) => error.ending ?? "crashed");
      expect(["rejected", "unsupported", right], title).toContain(answer);
    }
  }
}, 120_000);

async function readAll(
  log: ReturnType<typeof buildMemoryLog>,
  changed: Map<string, Uint8Array>,
): Promise<LogEntry[]> {
  const served = (place: string, bytes: Uint8Array) => changed.get(place) ?? bytes;
  const reader = openTiles(log, async (tile) => served(tilePath(tile), log.readTile(tile)));
  const entries: LogEntry[] = [];
  const source = {
    size: log.size,
    reader,
    fetchBundle: async (at: { index: bigint; width: number }) =>
      served(entryBundlePath(at), log.readBundle(at)),
  };
  for await (const entry of readLog(source, 0n, async () => "missing")) entries.push(entry);
  return entries;
}

test("no byte of any tile can change without the monitor refusing the log", async () => {
  const log = buildMemoryLog(Array.from({ length: 260 }, (_, at) => new TextEncoder().encode(`${at}`)));
  expect((await readAll(log, new Map())).length).toBe(260);
  const tiles = [...tilesOfTree(log.size)];
  expect(tiles.map(tilePath)).toEqual(["tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1"]);
  for (const tile of tiles)
    for (const bytes of changesOf(log.readTile(tile)))
      await expect(readAll(log, new Map([[tilePath(tile), bytes]]))).rejects.toMatchObject({
        code: "tile_forged",
      });
}, 120_000);

test("no byte of any entry can change without the monitor refusing the log", async () => {
  const log = buildMemoryLog(logged.slice(0, 5).map(({ body }) => body));
  const at = { index: 0n, width: 5 };
  for (const bytes of changesOf(log.readBundle(at)))
    await expect(readAll(log, new Map([[entryBundlePath(at), bytes]]))).rejects.toMatchObject({
      code: "tile_forged",
    });
}, 120_000);

test("no byte of a model's file can change and still be the model", async () => {
  const model = path.join(folder, "model");
  mkdirSync(model);
  const weights = Uint8Array.from({ length: 600 }, (_, at) => at % 251);
  writeFileSync(path.join(model, "config.json"), "{}");
  writeFileSync(path.join(model, "weights.onnx"), weights);
  const hashed = async () => hashModelFiles((await listModelFiles(model)).files);
  const manifest = modelManifest(await hashed());
  const judged = async (text: string) => {
    const files = readCanonicalManifest(text);
    return files && judgeFolder(listOf(await hashed()).files, listOf(files), []);
  };
  expect(await judged(manifest)).toMatchObject({ state: "verified" });
  for (const bytes of changesOf(weights)) {
    writeFileSync(path.join(model, "weights.onnx"), bytes);
    expect(await judged(manifest)).toMatchObject({ state: "failed", text: "weights.onnx differs" });
  }
  writeFileSync(path.join(model, "weights.onnx"), weights);
  for (const text of textsOf(manifest)) expect((await judged(text))?.state ?? "failed").toBe("failed");
}, 120_000);

test("a witness that the policy asks for is asked for", async () => {
  const unseen = await publish(logged);
  const text = await proofOf(unseen, chosen);
  const { rows } = await judgeEnvelope(chosen.text, trust, { saved: text });
  expect(rows.find(({ check }) => check === "observers")).toMatchObject({
    state: "failed",
    code: "quorum_missing",
  });
  expect(logKey.key.name).toBe("market.example/log/1");
});
