import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";

/**
 * What stands in front of several machines: gives each request to the next one that takes connections. A request that
 * a machine had already begun when it died is answered 502, because only the visitor knows whether to send it again.
 */
export async function openBalancer(port, targets) {
  let turn = 0;
  /** Of every request that was broken off: which machine had it, and when it began. */
  const broken = [];

  async function answer(incoming, outgoing) {
    const body = await buffer(incoming);
    const first = turn++;
    for (let at = 0; at < targets.length; at++) {
      const target = targets[(first + at) % targets.length];
      const begunAt = performance.now();
      const outcome = await forward(target, incoming, body, outgoing);
      if (outcome === "refused") continue;
      if (outcome === "broken") broken.push({ target, begunAt });
      return;
    }
    outgoing.writeHead(503, { "x-from": "balancer" }).end("no machine takes connections");
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  return { broken, close: () => (server.closeAllConnections(), server.close()) };
}

function forward(target, incoming, body, outgoing) {
  return new Promise((resolve) => {
    const { method, url, headers } = incoming;
    const options = { host: "127.0.0.1", port: target, method, path: url, headers, agent: false };
    const sent = request(
      { ...options, headers: { ...headers, "content-length": body.length } },
      (response) => {
        outgoing.writeHead(response.statusCode, response.headers);
        response.pipe(outgoing);
        response.once("end", () => resolve("answered"));
        response.once("error", () => (outgoing.destroy(), resolve("broken")));
      },
    );
    sent.once("error", (error) => {
      if (error.code === "ECONNREFUSED") return resolve("refused");
      if (!outgoing.headersSent) outgoing.writeHead(502, { "x-from": "balancer" }).end("the machine died");
      else outgoing.destroy();
      resolve("broken");
    });
    sent.end(body);
  });
}
