import { type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { giveUploadsTime } from "./request-time";

giveUploadsTime();

let server: Server | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
});

/** Begins a POST that never ends, and says when the other side has given it up. */
async function beginPost(path: string): Promise<{ isOver: () => boolean }> {
  const seen = { isOver: false };
  server = createServer((incoming) => {
    incoming.resume().once("close", () => (seen.isOver = true));
    incoming.once("error", () => undefined);
  });
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  const begun = new Promise((received) => server?.once("request", received));
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, path, method: "POST", host: "127.0.0.1" });
  sent.once("error", () => undefined);
  sent.write("a");
  await begun;
  return { isOver: () => seen.isOver };
}

test.each([
  ["/api/uploads?draft=1", false],
  ["/sign-in", true],
])("after five minutes a request to %s that has not come whole is over: %s", async (path, isOver) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const post = await beginPost(path);
  vi.advanceTimersByTime(5 * 60_000 + 1);
  await new Promise((done) => setImmediate(() => setImmediate(done)));
  expect(post.isOver()).toBe(isOver);
  expect(server?.requestTimeout).toBe(24 * 3_600_000);
});
