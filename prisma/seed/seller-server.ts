/**
 * The demo seller's own server: it serves a model as a seller elsewhere would, by OpenAI's chat completions, and is called
 * like a stranger's. On this machine alone, at DEMO_SELLER_ORIGIN. It answers one at a time, eight wait, and keeps nothing.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import pLimit from "p-limit";
import { type OpenModel, openModel } from "@/lib/inference/commands/open-model";
import { env } from "@/lib/platform/env";
import { askedOf, chatError, type ChatError, completionOf } from "./chat-completion";
import { contract } from "./models/german-paperwork-iso/contract";

const SERVED = "german-paperwork-iso";
const BODY_BYTES = 64 * 1024;
const ANSWER_SECONDS = 8;
const MOST_WAITING = 8;

const oneAtATime = pLimit(1);
let opened: Promise<OpenModel> | undefined;

/** Opened by the first who asks, and again where it has ended. */
async function model(): Promise<OpenModel> {
  const known = await opened?.catch(() => undefined);
  if (known && !known.isOver()) return known;
  const location = path.join(import.meta.dirname, "models", SERVED, "bundle", "model.gguf");
  const bytes = readFileSync(location);
  const file = {
    path: "model.gguf",
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    open: async () => createReadStream(location),
  };
  opened = openModel({ files: [file], contract, isForeign: false });
  return opened;
}

type Reply = { status: number; body: unknown };

async function replyTo(request: IncomingMessage): Promise<Reply> {
  const { pathname } = new URL(request.url ?? "/", "http://seller.invalid");
  if (pathname === "/v1/models" && request.method === "GET")
    return {
      status: 200,
      body: { object: "list", data: [{ id: SERVED, object: "model", owned_by: "seller" }] },
    };
  if (pathname !== "/v1/chat/completions") return chatError(404, "There is nothing here.");
  if (request.method !== "POST") return chatError(405, "Ask with POST.");
  const body = await readJson(request);
  if (body === undefined) return chatError(400, `A question is JSON of at most ${BODY_BYTES} bytes.`);
  const asked = askedOf(body, SERVED);
  if ("status" in asked) return asked;
  if (oneAtATime.pendingCount >= MOST_WAITING) return chatError(429, "Others wait already.", "rate_limit");
  return oneAtATime(() => answerTo(asked.text));
}

async function answerTo(text: string): Promise<Reply | ChatError> {
  try {
    const { answers } = await (await model()).answer([{ kind: "text", text }], ANSWER_SECONDS);
    const [answer] = answers;
    if (answer?.text === undefined) return chatError(422, answer?.refused ?? "It gave no answer.");
    return { status: 200, body: completionOf(randomUUID(), SERVED, answer.text, new Date()) };
  } catch {
    return chatError(502, "The model could not be run.");
  }
}

/** Undefined where it is no JSON or longer than it may be. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let received = 0;
  // What is too long is answered, so the connection is kept.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(status === 429 && { "retry-after": "1" }),
    ...(status === 400 && { connection: "close" }),
  });
  response.end(JSON.stringify(body));
}

const { OFFCUT_DEMO, DEMO_SELLER_ORIGIN } = env();
if (!OFFCUT_DEMO || !DEMO_SELLER_ORIGIN)
  throw new Error("This server belongs to a demo, at DEMO_SELLER_ORIGIN.");
const server = createServer((request, response) => {
  replyTo(request).then(
    (reply) => send(response, reply),
    () => response.destroy(),
  );
});
server.requestTimeout = 10_000;
server.listen(Number(new URL(DEMO_SELLER_ORIGIN).port), "127.0.0.1");

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void opened?.then((held) => held.close()).catch(() => undefined);
    server.close();
    server.closeAllConnections();
  });
