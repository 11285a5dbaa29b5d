import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SIZE_MEDIA_TYPE, readAddCheckpoint } from "./add-checkpoint";
import { openCheckpoint } from "./checkpoint";
import { verifyByNode } from "./node-ed25519";
import { type Witness, openWitness } from "./process/run-witness";
import { originHash } from "./process/witness-files";
import { serveWitness } from "./process/witness-server";
import { type NoteKey, readVkey } from "./signed-note";

/** Cases of transparency-dev/witness: what it signed before, what it is shown then, and what it answers. */
type Vectors = {
  log: string;
  /** Another log, which is not followed. */
  unfollowed: string;
  checkpoints: Record<string, string>;
  submissions: {
    name: string;
    known: string | null;
    oldSize: number;
    submitted: string;
    proof: string[];
    status: number;
  }[];
  /** Beginnings of a request, and whether that program reads it. */
  bodies: { name: string; head: string; isRead: boolean }[];
};

const file = path.join(import.meta.dirname, "vectors", "witness.json");
const { log, unfollowed, checkpoints, submissions, bodies } = JSON.parse(
  readFileSync(file, "utf8"),
) as Vectors;
const logKey = readVkey(log) as NoteKey;

/** Where we answer otherwise, and what: both refuse. */
const differences: Record<string, number> = {
  // The specification says so now; that program still answers as its first release did.
  "another root at the size signed last": 422,
  // No line of a proof is anything but a hash, so that the request cannot be read.
  "a proof of one byte from the empty tree": 400,
  "a proof of two bytes a line": 400,
};

let folder: string;
let witness: Witness;
let server: Server;
let address: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "offcut-witness-vectors-"));
  const now = () => 1_790_000_000n;
  witness = await openWitness({ folder, newName: "observer.example/1", logs: [logKey], now });
  server = serveWitness(witness, (error) => {
    throw error;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const checkpointOf = (name: string) => checkpoints[name] ?? expect.fail(`There is no checkpoint ${name}.`);
const submit = (oldSize: number, proof: readonly string[], checkpoint: string) =>
  fetch(`${address}/add-checkpoint`, {
    method: "POST",
    body: [`old ${oldSize}`, ...proof, "", checkpoint].join("\n"),
  });
const served = (vkey: string) => fetch(`${address}/${originHash(readVkey(vkey)!.name)}/checkpoint`);

test.each(submissions)(
  "our witness answers $name as transparency-dev's does, or by a named difference",
  async (given) => {
    const { name, known, oldSize, submitted, proof, status } = given;
    if (known !== null) expect((await submit(0, [], checkpointOf(known))).status).toBe(200);
    const response = await submit(oldSize, proof, checkpointOf(submitted));
    expect(response.status).toBe(differences[name] ?? status);
    const lastSigned = response.status === 200 ? submitted : known;
    const kept = lastSigned === null ? null : await (await served(log)).text();
    if (lastSigned !== null) expect(kept?.startsWith(checkpointOf(lastSigned))).toBe(true);
    if (response.status === 200) expect(kept).toBe(checkpointOf(submitted) + (await response.text()));
    if (response.status === 409) {
      expect(response.headers.get("content-type")).toBe(SIZE_MEDIA_TYPE);
      expect(await response.text()).toBe(`${checkpointOf(known!).split("\n")[1]}\n`);
    }
  },
);

test("what our witness signed is served under both signatures, and nothing of a log of which it signed nothing", async () => {
  expect((await served(log)).status).toBe(404);
  await submit(0, [], checkpointOf("5 leaves"));
  const note = await (await served(log)).text();
  const keys = { logs: [logKey], witnesses: [witness.key] };
  expect(await openCheckpoint(note, keys, verifyByNode)).toMatchObject({
    checkpoint: { size: 5n },
    cosignatures: [{ timestamp: 1_790_000_000n }],
  });
  expect((await served(unfollowed)).status).toBe(404);
});

test.each(bodies)(
  "a request with $name is not read, though transparency-dev reads lines of any length",
  ({ head, isRead }) => {
    const checkpoint = checkpointOf("of a log that is not followed");
    expect(readAddCheckpoint(head + checkpoint)).toBeNull();
    const hash = "7azctENRYLlBCBQ5OX2qxxIKCTOeCda1KfTwjdt0wdA=";
    const withHashes = head.replace(/^(?:abc|def)=$/gm, hash) + checkpoint;
    const read = readAddCheckpoint(withHashes);
    if (isRead) expect(read).toMatchObject({ oldSize: 10n, proof: { length: 2 }, checkpoint });
    else expect(read).toBeNull();
  },
);
