import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goEnvironment } from "@/lib/launch/go.mjs";
import { encodeBase64 } from "@/lib/shared/encoding";
import { signCheckpoint } from "../checkpoint";
import { buildMemoryLog, filesOfLog } from "../memory-log.fixture";
import { proveConsistency, proveInclusion, treeRoot } from "../merkle-tree";
import { keyFrom } from "../seeded-key.fixture";
import { formatVkey } from "../signed-note";
import { openTiles } from "../tile-reader";

const here = import.meta.dirname;

const log = keyFrom(1, "market.example/log/1", 1);
const entry = (at: number) => new TextEncoder().encode(`entry ${at} ${"x".repeat(at % 300)}`);
const entries = Array.from({ length: 100_000 }, (_, at) => entry(at));

describe("Go's sumdb", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-oracle-"));
  const program = path.join(folder, "verify");

  beforeAll(() => {
    execFileSync("go", ["build", "-o", program, path.join(here, "verify.go")], {
      env: goEnvironment,
    });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function checkpointOf(size: number, root: Uint8Array): Promise<string> {
    return signCheckpoint(
      { origin: log.key.name, size: BigInt(size), root, extensions: [] },
      log.key,
      log.sign,
    );
  }

  /** Writes the log of the first entries as files, with our proofs, and returns where. */
  async function exported(size: number): Promise<string> {
    const root = path.join(folder, String(size));
    const tree = buildMemoryLog(entries.slice(0, size));
    for (const file of filesOfLog(tree)) {
      mkdirSync(path.dirname(path.join(root, file.path)), { recursive: true });
      writeFileSync(path.join(root, file.path), file.bytes);
    }
    const reader = openTiles(tree, async (tile) => tree.readTile(tile));
    const places = [0, 1, 254, 255, 256, 65_535, 65_536, size - 1].filter((at) => at < size);
    const inclusion = await Promise.all(
      places.map(async (at) => ({
        index: at,
        hashes: (await proveInclusion(BigInt(at), tree.size, reader.readHashes)).map(encodeBase64),
      })),
    );
    const consistency = await Promise.all(
      places.map(async (at) => ({
        size: at + 1,
        root: encodeBase64(await treeRoot(BigInt(at + 1), reader.readHashes)),
        hashes: (await proveConsistency(BigInt(at + 1), tree.size, reader.readHashes)).map(encodeBase64),
      })),
    );
    writeFileSync(path.join(root, "proofs.json"), JSON.stringify({ inclusion, consistency }));
    writeFileSync(path.join(root, "checkpoint"), await checkpointOf(size, tree.root));
    const half = Math.ceil(size / 2);
    const older = await checkpointOf(half, await treeRoot(BigInt(half), reader.readHashes));
    writeFileSync(path.join(root, "older"), older);
    return root;
  }

  function judge(root: string, ...older: string[]) {
    const { status, stdout, stderr } = spawnSync(program, [root, formatVkey(log.key), ...older], {
      encoding: "utf8",
    });
    return { status, said: (stdout + stderr).trim() };
  }

  test.each([1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 100_000])(
    "accepts checkpoint, every tile, inclusion and consistency of a log of %i entries",
    async (size) => {
      const root = await exported(size);
      const { status, said } = judge(root, path.join(root, "older"));
      expect(said).toMatch(new RegExp(`^size ${size}: \\d+ tiles, \\d+ inclusion proofs, .* 1 older`));
      expect(status).toBe(0);
    },
    120_000,
  );

  test("refuses a changed tile, entry, proof and checkpoint", async () => {
    const root = await exported(300);
    for (const file of [
      "tile/0/000",
      "tile/0/001.p/44",
      "tile/1/000.p/1",
      "tile/entries/000",
      "checkpoint",
    ]) {
      const kept = readFileSync(path.join(root, file));
      const changed = Uint8Array.from(kept);
      changed[changed.length - 9]! ^= 1;
      writeFileSync(path.join(root, file), changed);
      expect(judge(root).status, file).toBe(1);
      writeFileSync(path.join(root, file), kept);
    }
    const proofs = path.join(root, "proofs.json");
    writeFileSync(proofs, readFileSync(proofs, "utf8").replace('"index":254', '"index":253'));
    expect(judge(root).status).toBe(1);
  });

  test("refuses a checkpoint of another history", async () => {
    const root = await exported(300);
    const forked = buildMemoryLog([...entries.slice(0, 99), entry(7)]);
    const older = path.join(root, "forked");
    writeFileSync(older, await checkpointOf(100, forked.root));
    expect(judge(root, older).status).toBe(1);
  });
});
