import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { notePeers, peerOf } from "./peer";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sentBy = (headers: NodeJS.Dict<string | string[]>) => new Headers(headers as Record<string, string>);

test("a request carries the address of its socket, whatever its headers claim", async () => {
  notePeers();
  const origin = await serve(({ headers }, response) => response.end(peerOf(sentBy(headers))));
  const forged = { "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9", "x-peer": "203.0.113.9" };
  expect(await (await fetch(origin, { headers: forged })).text()).toBe("127.0.0.1");
});

test("what this process sends to itself on the way keeps the address it had", async () => {
  notePeers();
  const inner = await serve(({ headers }, response) => response.end(peerOf(sentBy(headers))));
  const outer = await serve(async ({ headers }, response) => {
    for (const [name, value] of Object.entries(headers))
      if (value === "127.0.0.1" && name.startsWith("x-peer-")) headers[name] = "198.51.100.1";
    const { host: _host, connection: _connection, ...passedOn } = headers;
    response.end(await (await fetch(inner, { headers: sentBy(passedOn) })).text());
  });
  expect(await (await fetch(outer)).text()).toBe("198.51.100.1");
});
