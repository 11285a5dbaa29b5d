import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { endingWhenStalled } from "./upload-pace";

const pace = { seconds: 0.3, bytes: 1_000 };

test("bytes that come in time pass unchanged", async () => {
  const bytes = Buffer.alloc(200_000, "ab");
  expect(
    (await buffer(endingWhenStalled(Readable.from([bytes, bytes]), pace))).equals(
      Buffer.concat([bytes, bytes]),
    ),
  ).toBe(true);
});

test.each([
  ["stands still from the start", async function* () {}, 1_000],
  [
    "stands still after a while",
    async function* () {
      yield Buffer.alloc(500_000);
    },
    1_000,
  ],
  [
    "drips",
    async function* () {
      for (let n = 0; n < 20; n++) yield await pause(50, Buffer.from("a"));
    },
    1_000,
  ],
] as const)("a source that %s is ended and given up", async (_, begin, within) => {
  const source = new PassThrough();
  void (async () => {
    for await (const piece of begin()) if (!source.destroyed) source.write(piece);
  })();
  const since = performance.now();
  await expect(buffer(endingWhenStalled(source, pace))).rejects.toMatchObject({ code: "upload_stalled" });
  expect(performance.now() - since).toBeLessThan(within);
  expect(source.destroyed).toBe(true);
});

test("a sender that keeps the pace is never cut off, however long it sends", async () => {
  const source = new PassThrough();
  void (async () => {
    for (let at = 0; at < 30; at++) source.write(await pause(40, Buffer.alloc(2_000)));
    source.end();
  })();
  expect((await buffer(endingWhenStalled(source, pace))).length).toBe(60_000);
});

test("a reader that takes its time is no stalled upload", async () => {
  const source = endingWhenStalled(Readable.from(Array.from({ length: 5 }, () => Buffer.alloc(400))), pace);
  let seen = 0;
  for await (const piece of source) {
    await pause(150);
    seen += (piece as Buffer).length;
  }
  expect(seen).toBe(2_000);
});

test("who stops reading lets the source go", async () => {
  const source = new PassThrough();
  const paced = endingWhenStalled(source, pace);
  paced.resume();
  await pause(20);
  paced.destroy();
  await expect.poll(() => source.destroyed).toBe(true);
});
