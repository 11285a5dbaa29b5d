import "server-only";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { MAX_WITNESS_BYTES, SIZE_MEDIA_TYPE } from "../add-checkpoint";
import type { Witness, WitnessResponse } from "./run-witness";
import { decodeUtf8, formatVkey } from "../signed-note";

const PLAIN = "text/plain; charset=utf-8";
const REQUEST_MILLISECONDS = 10_000;
const MAX_CONNECTIONS = 512;

type Answer = { status: number; body: string; contentType?: string };

/**
 * A witness over HTTP: `POST /add-checkpoint` for logs, `GET /<origin hash>/checkpoint` for whoever watches them,
 * `GET /vkey`, and `GET /` in words. Slow or endless requests are cut off; a fault answers 500 and signs nothing.
 */
export function serveWitness(witness: Witness, onFault: (error: unknown) => void): Server {
  const server = createServer((request, response) => {
    answer(witness, request)
      .catch((error: unknown) => {
        // Whoever goes away in the middle of a request is no fault of ours.
        if (!request.destroyed) onFault(error);
        return { status: 500, body: "The witness failed.\n" };
      })
      .then((given) => send(response, given));
  });
  server.requestTimeout = REQUEST_MILLISECONDS;
  server.headersTimeout = REQUEST_MILLISECONDS / 2;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function answer(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://witness");
  if (pathname === "/add-checkpoint") {
    if (request.method !== "POST") return { status: 405, body: "Only POST adds a checkpoint.\n" };
    const body = await readBody(request);
    if (body === "too_large") return { status: 413, body: "The request is too large.\n" };
    const text = decodeUtf8(body);
    return text === null
      ? { status: 400, body: "The request is not UTF-8.\n" }
      : inHttp(await witness.add(text));
  }
  if (request.method !== "GET" && request.method !== "HEAD")
    return { status: 405, body: "Only GET reads.\n" };
  if (pathname === "/") return { status: 200, body: introduction(witness) };
  if (pathname === "/vkey") return { status: 200, body: `${formatVkey(witness.key)}\n` };
  const note = witness.find(/^\/([0-9a-f]{64})\/checkpoint$/.exec(pathname)?.[1] ?? "");
  return note === null ? { status: 404, body: "There is nothing here.\n" } : { status: 200, body: note };
}

function inHttp(given: WitnessResponse): Answer {
  switch (given.status) {
    case 200:
      return { status: 200, body: given.lines };
    case 409:
      return { status: 409, body: `${given.size}\n`, contentType: SIZE_MEDIA_TYPE };
    default:
      return { status: given.status, body: `${given.message}\n` };
  }
}

function send(response: ServerResponse, { status, body, contentType = PLAIN }: Answer): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    // What is left of a body that was not read must not be taken for the next request.
    ...(status === 413 && { connection: "close" }),
  });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | "too_large"> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_WITNESS_BYTES) return "too_large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function introduction(witness: Witness): string {
  const logs = witness.list().map(({ vkey, size, evidence }) => {
    const seen = size === null ? "no checkpoint yet" : `${size} entries`;
    return `${vkey}\n  ${seen}${evidence > 0 ? `, and ${evidence} checkpoints that contradict it` : ""}`;
  });
  return [
    "This is a witness of transparency logs (https://c2sp.org/tlog-witness). It signs that a log only grew.",
    "",
    formatVkey(witness.key),
    "",
    `It follows ${logs.length === 1 ? "one log" : `${logs.length} logs`}:`,
    ...logs,
    "",
  ].join("\n");
}
