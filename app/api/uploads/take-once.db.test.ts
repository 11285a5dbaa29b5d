import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openPerson } from "@/lib/accounts/person.fixture";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { startDraft } from "@/lib/selling/commands/edit-draft";
import { POST as postImports } from "./imports/route";
import { POST as postUpload } from "./route";

/** What Next.js would hold of the request, and of what is told with the next page. */
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => ({ name, value: request.cookie }),
    set: () => undefined,
  }),
}));

let draftId = "";

beforeAll(openInstallation);
beforeEach(async () => {
  const person = await openPerson("Ada");
  request.cookie = await encode({
    token: { sub: person.accountId, sessionId: person.sessionId },
    secret: env().NEXTAUTH_SECRET,
  });
  draftId = (await startDraft(person.actor)).draftId;
});

const origin = "http://localhost:3000";

async function upload(key: string, content: string | Uint8Array<ArrayBuffer>, name = "rows.txt") {
  const answer = await postUpload(
    new Request(`${origin}/api/uploads?${new URLSearchParams({ draft: draftId, name, part: "weights" })}`, {
      method: "POST",
      headers: { origin, "content-type": "application/octet-stream", "idempotency-key": key },
      body: content,
    }),
  );
  return { status: answer.status, json: (await answer.json()) as object };
}

/** None, as Python writes it. */
const PICKLE = [0x80, 0x04, 0x4e, 0x2e];

const countFiles = () => db.draftFile.count({ where: { draftId } });

test("four uploads under one key at once keep one file, and all get its answer", async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 4 }, () => upload(key, "text")));
  expect(answers[0]).toMatchObject({ status: 200, json: { file: { path: "rows.txt", sizeBytes: 4 } } });
  expect(answers).toEqual(Array(4).fill(answers[0]));
  expect(await countFiles()).toBe(1);
});

test("another file or another name under the same key is answered 409, with what differs in JSON", async () => {
  const key = randomUUID();
  await upload(key, "text");
  expect(await upload(key, "another text")).toMatchObject({
    status: 409,
    json: {
      code: "request_reused",
      fields: { content: expect.stringMatching(/^Sent first: “[0-9a-f]{64}”/) },
    },
  });
  expect(await upload(key, "text", "other.txt")).toMatchObject({
    status: 409,
    json: { fields: { name: "Sent first: “rows.txt”. Sent now: “other.txt”." } },
  });
  expect(await countFiles()).toBe(1);
});

test("a refused file leaves its key free for the right one, and a key that is none is refused", async () => {
  const key = randomUUID();
  expect(await upload(key, Uint8Array.from(PICKLE), "rows.txt")).toMatchObject({
    json: { code: "file_refused" },
  });
  expect(await upload(key, "text")).toMatchObject({ status: 200 });
  expect(await upload("short", "text")).toMatchObject({ status: 400, json: { code: "upload_malformed" } });
});

test("a form sent again by the browser reads its files once, and another file under its key not at all", async () => {
  const send = async (requestKey: string, ...cards: string[]) => {
    const form = new FormData();
    form.set("requestKey", requestKey);
    for (const card of cards) form.append("file", new File([card], "README.md"));
    const address = `${origin}/api/uploads/imports?draft=${draftId}`;
    const accept = "application/json";
    const answer = await postImports(
      new Request(address, { method: "POST", headers: { origin, accept }, body: form }),
    );
    return { status: answer.status, json: (await answer.json()) as { message?: string } };
  };
  const key = randomUUID();
  const card = (license: string) => `---\nlicense: ${license}\n---\n# A model\n`;
  expect(await send(key, card("mit"), card("apache-2.0"))).toMatchObject({ status: 200 });
  expect(await send(key, card("mit"), card("apache-2.0"))).toMatchObject({ status: 200 });
  expect(await db.draftImport.count({ where: { draftId } })).toBe(2);
  const other = await send(key, card("cc0-1.0"));
  expect(other.json.message).toMatch(/^This was sent before, and differs now in content/);
  expect(await db.draftImport.count({ where: { draftId } })).toBe(2);
});

test("starting with nothing starts one draft for a form, however often it is sent", async () => {
  const { ownerId } = await db.listingDraft.findUniqueOrThrow({ where: { id: draftId } });
  const key = randomUUID();
  const start = async (requestKey: string) => {
    const form = new FormData();
    form.set("requestKey", requestKey);
    const headers = { origin, accept: "application/json" };
    const asked = new Request(`${origin}/api/uploads/imports`, { method: "POST", headers, body: form });
    return (await (await postImports(asked)).json()) as { location: string };
  };
  const answers = await Promise.all([start(key), start(key), start(key)]);
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
  expect(await db.listingDraft.count({ where: { ownerId } })).toBe(2);
  expect((await start(randomUUID())).location).not.toBe(answers[0]?.location);
});
