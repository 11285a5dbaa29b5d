import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type Server, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { formatAddCheckpoint } from "../add-checkpoint";
import { openCheckpoint, signCheckpoint } from "../checkpoint";
import { buildMemoryLog } from "../memory-log.fixture";
import { proveConsistency } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import { type Witness, type WitnessOptions, openWitness } from "./run-witness";
import { keyFrom } from "../seeded-key.fixture";
import { formatVkey } from "../signed-note";
import { openTiles } from "../tile-reader";
import { originHash } from "./witness-files";
import { serveWitness } from "./witness-server";

const log = keyFrom(1, "market.example/log/1", 1);
const stranger = keyFrom(3, "elsewhere.example/log", 1);
const entries = Array.from({ length: 400 }, (_, at) => new TextEncoder().encode(`entry ${at}`));
const treeOf = (size: number) => buildMemoryLog(entries.slice(0, size));
const forkOf = (size: number) => buildMemoryLog([entries[399]!, ...entries.slice(1, size)]);
const folders: string[] = [];
let time = 1_790_000_000n;
let folder: string;
let witness: Witness;
let server: Server;
let address: string;

async function start(more: Partial<WitnessOptions> = {}): Promise<void> {
  witness = await openWitness({
    folder,
    newName: "observer.example/1",
    logs: [log.key],
    now: () => time,
    ...more,
  });
  server = serveWitness(witness, (error) => {
    throw error;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "offcut-witness-"));
  folders.push(folder);
  await start();
});
afterEach(stop);
afterAll(() => folders.forEach((one) => rmSync(one, { recursive: true, force: true })));

async function requestOf(oldSize: number, size: number, tree = treeOf(size), signer = log): Promise<string> {
  const reader = openTiles(tree, async (tile) => tree.readTile(tile));
  const claim = { origin: signer.key.name, size: tree.size, root: tree.root, extensions: [] };
  return formatAddCheckpoint({
    oldSize: BigInt(oldSize),
    proof: oldSize === 0 ? [] : await proveConsistency(BigInt(oldSize), tree.size, reader.readHashes),
    checkpoint: await signCheckpoint(claim, signer.key, signer.sign),
  });
}

const post = (body: string | Uint8Array<ArrayBuffer>) =>
  fetch(`${address}/add-checkpoint`, { method: "POST", body });
const add = async (oldSize: number, size: number, tree = treeOf(size)) =>
  post(await requestOf(oldSize, size, tree));

/** The checkpoint that stands for this log at the witness, opened under both keys. */
async function standing() {
  const answer = await fetch(`${address}/${originHash(log.key.name)}/checkpoint`);
  if (answer.status === 404) return null;
  const opened = await openCheckpoint(
    await answer.text(),
    { logs: [log.key], witnesses: [witness.key] },
    verifyByNode,
  );
  if (typeof opened === "string") throw new Error(opened);
  return opened;
}

test("the first start makes a key that only its owner reads, and later starts find it", async () => {
  expect(statSync(path.join(folder, "witness.pem")).mode & 0o777).toBe(0o600);
  const vkey = formatVkey(witness.key);
  expect(readFileSync(path.join(folder, "vkey"), "utf8")).toBe(`${vkey}\n`);
  expect(await (await fetch(`${address}/vkey`)).text()).toBe(`${vkey}\n`);
  await stop();
  await start({ newName: "another.example" });
  expect(formatVkey(witness.key)).toBe(vkey);
  const named = openWitness({ folder, name: "another.example", logs: [log.key], now: () => time });
  await expect(named).rejects.toThrow("observer.example/1");
});

test("a checkpoint is answered with one cosignature line that holds under the witness's key", async () => {
  expect(await standing()).toBeNull();
  const answer = await add(0, 5);
  expect(answer.status).toBe(200);
  const lines = await answer.text();
  expect(lines).toMatch(/^— observer\.example\/1 \S+\n$/);
  const [, note = ""] = (await requestOf(0, 5)).split(/\n\n(.*)/s);
  const opened = await openCheckpoint(
    note + lines,
    { logs: [log.key], witnesses: [witness.key] },
    verifyByNode,
  );
  expect(opened).toMatchObject({ checkpoint: { size: 5n }, cosignatures: [{ timestamp: time }] });
  expect(await standing()).toMatchObject({ checkpoint: { size: 5n }, cosignatures: [{ timestamp: time }] });
});

test("growth is signed, the same tree is signed again with a new time, and a smaller one never", async () => {
  await add(0, 5);
  expect((await add(5, 300)).status).toBe(200);
  time += 600n;
  expect((await add(300, 300)).status).toBe(200);
  expect(await standing()).toMatchObject({ checkpoint: { size: 300n }, cosignatures: [{ timestamp: time }] });
  const rollback = await add(0, 5);
  expect(rollback.status).toBe(409);
  expect(rollback.headers.get("content-type")).toBe("text/x.tlog.size");
  expect(await rollback.text()).toBe("300\n");
  expect((await post((await requestOf(0, 5)).replace("old 0", "old 300"))).status).toBe(400);
  expect(await standing()).toMatchObject({ checkpoint: { size: 300n } });
});

test("every other request has the answer that the specification gives it", async () => {
  await add(0, 5);
  const statusOf = async (body: string | Uint8Array<ArrayBuffer>) => (await post(body)).status;
  expect(await statusOf("")).toBe(400);
  expect(await statusOf(Uint8Array.of(0x6f, 0x6c, 0x64, 0xff))).toBe(400);
  expect(await statusOf(await requestOf(0, 5, treeOf(5), stranger))).toBe(404);
  expect(await statusOf((await requestOf(5, 9)).replace(/(— \S+ .{20})./, "$1A"))).toBe(403);
  const badProof = (await requestOf(5, 9)).replace(
    /^old 5\n.*\n/,
    `old 5\n${Buffer.alloc(32).toString("base64")}\n`,
  );
  expect(await statusOf(badProof)).toBe(422);
  expect(await statusOf("x".repeat(70_000))).toBe(413);
  expect((await fetch(`${address}/add-checkpoint`)).status).toBe(405);
  expect((await fetch(`${address}/nothing`)).status).toBe(404);
  expect(await (await fetch(address)).text()).toContain("5 entries");
  expect((await add(5, 9)).status).toBe(200);
});

test("two trees of one size: the second is refused and both are kept for ever", async () => {
  await add(0, 5);
  for (let times = 0; times < 3; times++) expect((await add(5, 5, forkOf(5))).status).toBe(422);
  expect((await add(0, 5, forkOf(5))).status).toBe(409);
  const place = path.join(folder, "logs", originHash(log.key.name), "evidence");
  const [name, ...more] = readdirSync(place);
  expect(more).toEqual([]);
  const evidence = readFileSync(path.join(place, name!), "utf8");
  const notes = evidence.split(/(?<=\n)\n(?=market)/);
  const opened = await Promise.all(
    notes.map((note) => openCheckpoint(note, { logs: [log.key] }, verifyByNode)),
  );
  expect(opened).toMatchObject([{ checkpoint: { size: 5n } }, { checkpoint: { size: 5n } }]);
  expect(new Set(notes.map((note) => note.split("\n")[2])).size).toBe(2);
  expect(await (await fetch(address)).text()).toContain("1 checkpoints that contradict it");
  await stop();
  await start();
  expect(witness.list()).toMatchObject([{ size: 5n, evidence: 1 }]);
});

test("of many at once that start from one size, exactly one is signed", async () => {
  await add(0, 5);
  const sizes = Array.from({ length: 24 }, (_, at) => 6 + at * 7);
  const bodies = await Promise.all(sizes.map((size) => requestOf(5, size)));
  const answers = await Promise.all(bodies.map(post));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBe(1);
  expect(statuses.filter((status) => status === 409).length).toBe(23);
  const signed = sizes[statuses.indexOf(200)]!;
  expect((await standing())?.checkpoint.size).toBe(BigInt(signed));
});

test("a memory that was changed, or that another key signed, is not gone on from", async () => {
  await add(0, 5);
  await stop();
  const file = path.join(folder, "logs", originHash(log.key.name), "checkpoint");
  const note = readFileSync(file, "utf8");
  for (const changed of [
    note.replace("\n5\n", "\n4\n"),
    "",
    note.split("\n").slice(0, -2).join("\n") + "\n",
  ]) {
    writeFileSync(file, changed);
    await expect(start()).rejects.toThrow("is remembered");
  }
  writeFileSync(file, note);
  await start();
  expect((await add(5, 6)).status).toBe(200);
});

test("a request that never ends is cut off, and others are answered meanwhile", async () => {
  const { port } = server.address() as AddressInfo;
  const slow = connect(port, "127.0.0.1");
  slow.write("POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 5000\r\n\r\nold 0");
  const endless = httpRequest({ port, method: "POST", path: "/add-checkpoint" });
  endless.on("error", () => {});
  const answered = new Promise<number>((resolve) =>
    endless.on("response", ({ statusCode }) => resolve(statusCode ?? 0)),
  );
  for (let chunk = 0; chunk < 20; chunk++) endless.write("x".repeat(8_192));
  expect(await answered).toBe(413);
  expect((await add(0, 5)).status).toBe(200);
  slow.destroy();
  endless.destroy();
  expect((await add(5, 6)).status).toBe(200);
});

/** A witness in a process of its own, that dies once it has kept so many checkpoints. */
function witnessRun(killAfter: number) {
  const argument = JSON.stringify({ folder, log: formatVkey(log.key), killAfter });
  const script = [
    "--conditions=react-server",
    "--import",
    "tsx",
    "lib/log/process/witness-run.fixture.ts",
    argument,
  ];
  const child = spawn(process.execPath, script, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<string | null>((resolve) => child.on("exit", (_code, signal) => resolve(signal)));
  const port = new Promise<string>((resolve) =>
    child.stdout.on("data", (chunk: Buffer) => resolve(/port (\d+)/.exec(chunk.toString())?.[1] ?? "")),
  );
  return { ended, port };
}

test("killed between keeping and answering, a witness signs nothing that contradicts what it kept", async () => {
  let size = 0;
  for (let round = 1; round <= 10; round++) {
    const run = witnessRun(2);
    address = `http://127.0.0.1:${await run.port}`;
    const grown = size + 1 + round;
    expect((await add(size, grown)).status).toBe(200);
    await expect(add(grown, grown + 5)).rejects.toThrow();
    expect(await run.ended).toBe("SIGKILL");
    size = grown + 5;
    // What it had kept when it died is where it goes on, though nobody was told.
    const after = await openWitness({ folder, logs: [log.key], now: () => time });
    expect(after.list()).toMatchObject([{ size: BigInt(size), evidence: 0 }]);
    expect(await after.add(await requestOf(grown, grown + 6))).toMatchObject({
      status: 409,
      size: BigInt(size),
    });
    expect(await after.add(await requestOf(size, size, forkOf(size)))).toMatchObject({ status: 422 });
    rmSync(path.join(folder, "logs", originHash(log.key.name), "evidence"), { recursive: true });
  }
  await stop();
  await start();
}, 120_000);
