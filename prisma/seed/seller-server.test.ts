import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

let child: ChildProcess;
let origin: string;

const settings = {
  NODE_ENV: "test",
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
  NEXTAUTH_SECRET: "read-while-a-test-of-the-seller-runs",
  OFFCUT_DEMO: "1",
} as const;

async function freeOrigin(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

beforeAll(async () => {
  origin = await freeOrigin();
  const command = ["--conditions=react-server", "--import", "tsx", "prisma/seed/seller-server.ts"];
  const env = { ...settings, PATH: process.env.PATH, DEMO_SELLER_ORIGIN: origin };
  child = spawn(process.execPath, command, { env, stdio: "inherit" });
  while (!(await fetch(`${origin}/v1/models`).catch(() => null))) await pause(50);
}, 60_000);

afterAll(async () => {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
});

async function ask(content: string, body: BodyInit | null = null) {
  const question = { model: "german-paperwork-iso", messages: [{ role: "user", content }], temperature: 0 };
  const response = await fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    body: body ?? JSON.stringify(question),
  });
  const { choices, error } = (await response.json()) as {
    choices?: { message: { content: string } }[];
    error?: { message: string };
  };
  return { status: response.status, said: choices?.[0]?.message.content, error: error?.message };
}

test("the demo's seller answers with its model, by the shape that clients of chat completions read", async () => {
  expect(await ask("12. März 2004")).toEqual({ status: 200, said: "2004-03-12", error: undefined });
  expect(await ask("1.234,50 EUR")).toMatchObject({ said: "EUR 1234.50" });
}, 60_000);

test("eight wait for it, and whoever comes then is told to come again", async () => {
  const asked = await Promise.all(Array.from({ length: 14 }, () => ask("12. März 2004")));
  const statuses = asked.map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(9);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
}, 60_000);

test.each([
  ["what is no JSON", "{"],
  ["more than it takes", JSON.stringify("x".repeat(1_000_000))],
])("%s is refused", async (_, body) => {
  expect(await ask("", body)).toEqual({
    status: 400,
    error: "A question is JSON of at most 65536 bytes.",
    said: undefined,
  });
});

test("a text that is too long for its model is an error, and the next is answered", async () => {
  expect(await ask("1".repeat(400))).toMatchObject({ status: 422 });
  expect(await ask("1. Mai 1999")).toMatchObject({ status: 200 });
}, 60_000);
