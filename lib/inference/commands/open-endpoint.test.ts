import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { plainContract } from "../plain-contract";
import type { RunContract } from "../run-contract";
import { classes } from "../bundles.fixture";
import type { OpenModel } from "./open-model";

type Handle = (response: ServerResponse, request: IncomingMessage, body: string) => void;

const settings = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
  NEXTAUTH_SECRET: "read-while-a-test-of-endpoints-runs",
  OFFCUT_DEMO: "1",
};
const text = { kind: "text", text: "is this spam" } as const;
const json = { "content-type": "application/json" };

let server: Server;
let stranger: Server;
let open: (origin?: string, rest?: Partial<RunContract>) => OpenModel;
let asked: { headers: IncomingMessage["headers"]; body: string }[] = [];
/** What the server does with each question in turn; the last one stays. */
let turns: Handle[] = [];

const says = (body: unknown, status = 200, headers: Record<string, string> = {}): Handle => {
  return (response) => response.writeHead(status, { ...json, ...headers }).end(JSON.stringify(body));
};
const chat = (content: string) => says({ choices: [{ message: { content } }] });

const originOf = (listening: Server) => `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;

async function listen(): Promise<Server> {
  const listening = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      asked.push({ headers: request.headers, body });
      const turn = turns.length > 1 ? turns.shift() : turns[0];
      turn?.(response, request, body);
    });
  }).listen(0, "127.0.0.1");
  await once(listening, "listening");
  return listening;
}

beforeAll(async () => {
  [server, stranger] = await Promise.all([listen(), listen()]);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.stubEnv("DEMO_SELLER_ORIGIN", originOf(server));
  // The environment is read once in a process, so what reads it is loaded anew.
  vi.resetModules();
  const { openEndpoint } = await import("./open-endpoint");
  open = (origin = originOf(server), rest = {}) => {
    const url = `${origin}/v1/chat/completions`;
    const endpoint = { url, shape: "openai-chat" as const, model: "small", pointers: null };
    const contract: RunContract = {
      ...plainContract,
      ...{ bundle: "endpoint", task: "text-classification", entry: null, endpoint },
      input: { kind: "text", maxCharacters: 1_000 },
      output: classes("ham", "spam"),
      runtime: { name: "openai-chat", version: "1" },
      ...rest,
    };
    return openEndpoint(contract, endpoint);
  };
});

beforeEach(() => {
  asked = [];
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.resetModules();
  for (const listening of [server, stranger]) {
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
  }
});

test("an endpoint answers row by row, is told nothing of ours, and what it is asked is one chat completion", async () => {
  turns = [chat("Spam"), chat("ham\n")];
  const { answers, computeMilliseconds } = await open().answer([text, { ...text, text: "hello" }], 5);
  expect(answers).toEqual([{ label: "spam" }, { label: "ham" }]);
  expect(computeMilliseconds).toBeGreaterThan(0);
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ model: "small", temperature: 0, stream: false });
  expect(Object.keys(asked[0]!.headers).sort()).toEqual(
    [
      "accept",
      "accept-encoding",
      "connection",
      "content-length",
      "content-type",
      "host",
      "user-agent",
    ].sort(),
  );
});

test("one that asks for time is given as long as it says, and asked again", async () => {
  turns = [says({}, 429, { "retry-after": "1" }), chat("spam")];
  const startedAt = performance.now();
  expect((await open().answer([text], 5)).answers).toEqual([{ label: "spam" }]);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  expect(asked).toHaveLength(2);
});

test("one that is not well three times refuses the row, and is asked no fourth time", async () => {
  turns = [says({}, 500)];
  expect((await open().answer([text], 20)).answers).toEqual([
    { refused: "The endpoint answered with status 500." },
  ]);
  expect(asked).toHaveLength(3);
});

test.each([
  [
    "is no JSON",
    ((response) => response.end("<p>spam</p>")) as Handle,
    "The endpoint answered something that is no JSON.",
  ],
  ["has another shape", says({ answer: "spam" }), "The answer has not the shape of a chat completion."],
  ["is none of the classes", chat("maybe"), 'It answered "maybe", which is not among its classes.'],
  ["is an error of the asker", says({}, 404), "The endpoint answered with status 404."],
])("an answer that %s refuses its row alone", async (_, turn, refused) => {
  turns = [turn, chat("ham")];
  expect((await open().answer([text, text], 5)).answers).toEqual([{ refused }, { label: "ham" }]);
});

test("an answer of more than 1 MiB is cut off, and refuses its row alone", async () => {
  let sent = 0;
  turns = [
    (response) => {
      response.writeHead(200, json);
      const more = setInterval(() => {
        if (response.destroyed) clearInterval(more);
        else response.write(Buffer.alloc(256 * 1024, 0x20), () => (sent += 256 * 1024));
      }, 5);
    },
    chat("ham"),
  ];
  const host = new URL(originOf(server)).host;
  expect((await open().answer([text, text], 10)).answers).toEqual([
    { refused: `${host} answered more than one megabyte.` },
    { label: "ham" },
  ]);
  expect(sent).toBeLessThan(16 * 1024 ** 2);
});

test("nobody is sent on to another address", async () => {
  for (const status of [301, 302, 307, 308]) {
    turns = [says({}, status, { location: `${originOf(stranger)}/v1/chat/completions` })];
    asked = [];
    await expect(open().answer([text], 5)).rejects.toMatchObject({ code: "egress_refused" });
    expect(asked).toHaveLength(1);
  }
});

test.each([
  ["never answers", (() => undefined) as Handle],
  ["begins to answer and never ends", ((response) => response.writeHead(200, json).write("{")) as Handle],
])("one that %s is given up after ten seconds", async (_, turn) => {
  let reached = () => undefined as void;
  const began = new Promise<void>((resolve) => (reached = resolve));
  turns = [
    (response, request, body) => {
      turn(response, request, body);
      reached();
    },
  ];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const answer = open().answer([text], 20);
  const failure = expect(answer).rejects.toMatchObject({
    code: "egress_failed",
    message: `${new URL(originOf(server)).host} gave no answer in 10 seconds.`,
  });
  await began;
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(9_990);
  await vi.advanceTimersByTimeAsync(20);
  await failure;
});

test("a connection that breaks refuses its row alone, and where none of the rows got through that is no answer at all", async () => {
  const breaks: Handle = (response) => response.destroy();
  turns = [breaks, chat("ham")];
  const host = new URL(originOf(server)).host;
  expect((await open().answer([text, text], 5)).answers).toEqual([
    { refused: `${host} could not be reached.` },
    { label: "ham" },
  ]);
  turns = [breaks];
  await expect(open().answer([text, text], 5)).rejects.toMatchObject({ code: "egress_failed" });
});

test("the same machine at any other origin than the demo's own is sent nothing, under whatever name", async () => {
  const own = new URL(originOf(server)).port;
  const other = new URL(originOf(stranger)).port;
  const origins = [
    ...["http", "https"].map((scheme) => `${scheme}://127.0.0.1:${other}`),
    ...["localhost", "[::1]", "127.0.0.2", "0.0.0.0"].map((host) => `http://${host}:${own}`),
    `https://127.0.0.1:${own}`,
    "https://127.0.0.1",
    "https://localhost",
    "https://localhost:8443",
    `http://somebody@127.0.0.1:${other}`,
  ];
  turns = [chat("spam")];
  for (const origin of origins)
    await expect(open(origin).answer([text], 5), origin).rejects.toMatchObject({ code: "egress_refused" });
  expect(asked).toHaveLength(0);
});

test("where nobody listens the seller is said not to be reached", async () => {
  const gone = await listen();
  const origin = originOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  vi.stubEnv("DEMO_SELLER_ORIGIN", origin);
  vi.resetModules();
  const { openEndpoint } = await import("./open-endpoint");
  const endpoint = { url: `${origin}/v1`, shape: "json" as const, model: "", pointers: null };
  const contract = { task: "text-classification", output: classes("ham", "spam"), endpoint } as RunContract;
  await expect(openEndpoint(contract, endpoint).answer([text], 5)).rejects.toMatchObject({
    code: "egress_failed",
    message: `${new URL(origin).host} could not be reached.`,
  });
});

test("time that is over ends the rows that are left", async () => {
  turns = [(response) => void setTimeout(() => chat("ham")(response, response.req, ""), 60)];
  await expect(open().answer([text, text, text], 0.05)).rejects.toMatchObject({ code: "model_run_failed" });
  expect(asked).toHaveLength(1);
});
