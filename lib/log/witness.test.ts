import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddCheckpoint, readAddCheckpoint } from "./add-checkpoint";
import { signCheckpoint } from "./checkpoint";
import { buildMemoryLog } from "./memory-log.fixture";
import { emptyRoot, proveConsistency } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { keyFrom } from "./seeded-key.fixture";
import { formatSignatureLine } from "./signed-note";
import { openTiles } from "./tile-reader";
import { type SignedSubmission, judgeSubmission, openSubmission } from "./witness";

const log = keyFrom(1, "market.example/log/1", 1);
const second = keyFrom(2, "market.example/log/1", 1);
const other = keyFrom(3, "elsewhere.example/log", 1);
const entries = Array.from({ length: 600 }, (_, at) => new TextEncoder().encode(`entry ${at}`));
const treeOf = (size: number) => buildMemoryLog(entries.slice(0, size));
const forkOf = (size: number) =>
  buildMemoryLog(entries.slice(0, size).map((entry, at) => (at === 0 ? entries[599]! : entry)));

const checkpointOf = (tree: { size: bigint; root: Uint8Array }, signer = log) =>
  signCheckpoint({ origin: signer.key.name, ...pick(tree), extensions: [] }, signer.key, signer.sign);
const pick = ({ size, root }: { size: bigint; root: Uint8Array }) => ({ size, root });

async function proofBetween(oldSize: number, size: number) {
  if (oldSize === 0 || oldSize > size) return [];
  const tree = treeOf(size);
  const reader = openTiles(tree, async (tile) => tree.readTile(tile));
  return proveConsistency(BigInt(oldSize), tree.size, reader.readHashes);
}

async function requestOf(oldSize: number, size: number): Promise<string> {
  const proof = await proofBetween(oldSize, size);
  return formatAddCheckpoint({
    oldSize: BigInt(oldSize),
    proof,
    checkpoint: await checkpointOf(treeOf(size)),
  });
}

const open = (body: string, logs = [log.key]) => openSubmission(body, logs, verifyByNode);

async function submissionOf(oldSize: number, size: number): Promise<SignedSubmission> {
  const opened = await open(await requestOf(oldSize, size));
  if ("status" in opened) throw new Error(opened.message);
  return opened;
}

test("the request of the specification's example is read as it stands there", () => {
  const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  const read = readAddCheckpoint(body)!;
  expect(read).toMatchObject({ oldSize: 20_852_014n, proof: { length: 4 } });
  expect(read.checkpoint.startsWith("example.com/behind-the-sofa\n20852163\n")).toBe(true);
  expect(formatAddCheckpoint(read)).toBe(body);
});

test.each([
  ["nothing", ""],
  ["no old size", "market\n1\nx\n\n"],
  ["an old size with a leading zero", "old 01\n\nx"],
  ["a negative old size", "old -1\n\nx"],
  ["an old size beyond every tree", `old ${2n ** 63n}\n\nx`],
  ["a hash that is too short", "old 1\nAAAA\n\nx"],
  ["a hash that is no base64", "old 1\n!\n\nx"],
  ["64 hashes", `old 1\n${`${Buffer.alloc(32).toString("base64")}\n`.repeat(64)}\nx`],
  ["no blank line", "old 1\nx"],
])("a request with %s is none", async (_what, body) => {
  expect(readAddCheckpoint(body)).toBeNull();
  expect(await open(body)).toMatchObject({ status: 400 });
});

test("a log that is not followed is unknown, whoever signed for it", async () => {
  const checkpoint = await checkpointOf(treeOf(3), other);
  expect(await open(formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint }))).toMatchObject({
    status: 404,
  });
});

test("a checkpoint that the log has not signed, or whose signature fails, is forbidden", async () => {
  const { size, root } = treeOf(3);
  const ours = await checkpointOf({ size, root });
  const unsigned = ours.replace(/— .*\n$/, formatSignatureLine({ ...other.key, bytes: new Uint8Array(64) }));
  const text = ours.slice(0, ours.indexOf("\n\n") + 1);
  const broken = `${text}\n${formatSignatureLine({ ...log.key, bytes: new Uint8Array(64) })}`;
  const byAnother = await checkpointOf({ size, root }, second);
  for (const checkpoint of [unsigned, broken, byAnother])
    expect(await open(formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint }))).toMatchObject({
      status: 403,
    });
  expect("status" in (await open(await requestOf(0, 3), [second.key, log.key]))).toBe(false);
});

test("an old size beyond the checkpoint is a bad request", async () => {
  const checkpoint = await checkpointOf(treeOf(3));
  expect(await open(formatAddCheckpoint({ oldSize: 4n, proof: [], checkpoint }))).toMatchObject({
    status: 400,
  });
});

test("what is kept carries the log's own signature and nothing that came along", async () => {
  const checkpoint = await checkpointOf(treeOf(3));
  const noise = formatSignatureLine({ ...other.key, bytes: new Uint8Array(64) });
  const opened = await open(formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint: checkpoint + noise }));
  expect(opened).toMatchObject({ note: checkpoint });
});

test("from every size a tree is signed exactly when it extends the one signed last", async () => {
  const sizes = [0, 1, 2, 7, 8, 255, 256, 257, 600];
  for (const from of sizes) {
    for (const to of sizes.filter((size) => size >= from)) {
      const submission = await submissionOf(from, to);
      const latest = from === 0 ? null : pick(treeOf(from));
      expect(judgeSubmission(latest, submission), `${from} to ${to}`).toEqual({ status: 200, isFork: false });
      if (from === 0) continue;
      // The same proof to the same tree, for a witness that had signed another history.
      const misled = judgeSubmission(pick(forkOf(from)), submission);
      expect(misled, `${from} to ${to}`).toMatchObject({ status: 422, isFork: from === to });
      const { proof } = submission;
      for (const hostile of [proof.slice(1), [...proof, new Uint8Array(32)], proof.toReversed()]) {
        const isSame = hostile.length === proof.length && hostile.every((hash, at) => hash === proof[at]);
        if (!isSame) expect(judgeSubmission(latest, { ...submission, proof: hostile }).status).toBe(422);
      }
    }
  }
});

test("another old size than the one signed last is a conflict that names it", async () => {
  const latest = pick(treeOf(256));
  for (const [from, to] of [
    [0, 300],
    [255, 300],
    [257, 300],
    [0, 100],
    [100, 100],
  ] as const)
    expect(judgeSubmission(latest, await submissionOf(from, to))).toEqual({
      status: 409,
      size: 256n,
      isFork: false,
    });
  expect(judgeSubmission(null, await submissionOf(7, 8))).toMatchObject({ status: 409, size: 0n });
});

test("two roots of one size are a fork, however the log asks", async () => {
  const latest = pick(forkOf(256));
  expect(judgeSubmission(latest, await submissionOf(256, 256))).toMatchObject({ status: 422, isFork: true });
  expect(judgeSubmission(latest, await submissionOf(0, 256))).toMatchObject({ status: 409, isFork: true });
});

test("a proof from the empty tree is empty, and the empty tree has one root", async () => {
  const submission = await submissionOf(0, 5);
  for (const latest of [null, { size: 0n, root: emptyRoot() }]) {
    expect(judgeSubmission(latest, submission).status).toBe(200);
    expect(judgeSubmission(latest, { ...submission, proof: [emptyRoot()] }).status).toBe(422);
    const claim = { ...submission.checkpoint, size: 0n, root: new Uint8Array(32) };
    expect(judgeSubmission(latest, { ...submission, checkpoint: claim }).status).toBe(422);
  }
});

test("no text makes a witness throw", async () => {
  const good = await requestOf(7, 300);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.nat(good.length), async (noise, at) => {
      expect(await open(noise)).toHaveProperty("status");
      const opened = await open(good.slice(0, at) + noise + good.slice(at + 1));
      if (!("status" in opened)) expect(judgeSubmission(null, opened)).toHaveProperty("status");
    }),
    { numRuns: 2_000 },
  );
});
