import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { encode } from "next-auth/jwt";
import { beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { makeAccount } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { startEmptyDraft } from "@/lib/selling/commands/work-on-draft";
import { POST as uploadEvaluation } from "./evaluations/route";
import { POST as uploadImport } from "./imports/route";
import { POST as uploadFile } from "./route";

/** What Next.js would hold of the request. */
const session = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => (name.endsWith("session-token") ? { name, value: session.cookie } : undefined),
    getAll: () => [],
    set: () => undefined,
    delete: () => undefined,
  }),
  headers: async () => new Headers({ origin: "http://localhost:3000", host: "localhost:3000" }),
}));

const doors = {
  files: { POST: uploadFile, address: "/api/uploads", file: "file" },
  evaluations: { POST: uploadEvaluation, address: "/api/uploads/evaluations", file: "rows" },
  imports: { POST: uploadImport, address: "/api/uploads/imports", file: "file" },
};
type Door = keyof typeof doors;
const names = Object.keys(doors) as Door[];

let seller: Actor;
let draftId = "";
beforeAll(async () => {
  await openInstallation();
  seller = await makeAccount();
  ({ draftId } = await startEmptyDraft(seller));
  const { id: sessionId } = await db.session.create({
    data: { accountId: seller.accountId, expiresAt: new Date(Date.now() + 86_400_000) },
  });
  session.cookie = await encode({
    token: { sub: seller.accountId, sessionId },
    secret: env().NEXTAUTH_SECRET,
  });
});

const BOUNDARY = "----edge";
const part = (disposition: string, content: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`;
const onlyFile = (door: Door, name = "notes.txt", content = "words") =>
  part(`form-data; name="${doors[door].file}"; filename="${name}"`, content);
/** A file, after what else its door wants to know. */
const filePart = (door: Door, name?: string, content?: string) =>
  (door === "evaluations" ? field("declaredLevel", "0.90") + field("dataSetName", "Mails") : "") +
  onlyFile(door, name, content);
const field = (name: string, value: string) => part(`form-data; name="${name}"`, value);
const END = `--${BOUNDARY}--\r\n`;

type Sent = { body?: BodyInit | null; type?: string; accept?: string; query?: string };

function send(door: Door, { body, type = `multipart/form-data; boundary=${BOUNDARY}`, ...more }: Sent) {
  const { POST, address } = doors[door];
  const request = new Request(`http://localhost:3000${address}?draft=${draftId}${more.query ?? ""}`, {
    method: "POST",
    headers: {
      origin: "http://localhost:3000",
      accept: more.accept ?? "application/json",
      ...(type && { "content-type": type }),
      ...(typeof body === "string" && { "content-length": String(Buffer.byteLength(body)) }),
    },
    body: body ?? null,
    duplex: "half",
  } as RequestInit);
  return POST(request);
}

/** Everything that an upload could leave behind. */
async function left() {
  const objects = path.join(env().DATA_DIR, "storage");
  mkdirSync(objects, { recursive: true });
  const files = readdirSync(objects, { recursive: true, withFileTypes: true });
  return {
    rows: await db.storedFile.count(),
    held: await db.uploadInHand.count(),
    imports: await db.draftImport.count(),
    draftFiles: await db.draftFile.count(),
    bytes: files.filter((entry) => entry.isFile()).length,
  };
}

const broken: readonly (readonly [string, (door: Door) => Sent])[] = [
  ["no body", () => ({ body: null })],
  ["an empty body", () => ({ body: "" })],
  ["no content type", (door) => ({ body: new Blob([filePart(door) + END]).stream(), type: "" })],
  ["JSON", () => ({ body: "{}", type: "application/json" })],
  ["a form that is not multipart", () => ({ body: "a=b", type: "application/x-www-form-urlencoded" })],
  ["a form without a boundary", (door) => ({ body: filePart(door) + END, type: "multipart/form-data" })],
  ["an empty boundary", (door) => ({ body: filePart(door) + END, type: "multipart/form-data; boundary=" })],
  [
    "another boundary than it has",
    (door) => ({ body: filePart(door) + END, type: "multipart/form-data; boundary=other" }),
  ],
  ["bytes that are no form", () => ({ body: "words" })],
  ["a part cut off", (door) => ({ body: filePart(door).slice(0, -4) })],
  ["a header of a part cut off", (door) => ({ body: filePart(door).slice(0, 40) })],
  ["a part without headers", () => ({ body: `--${BOUNDARY}\r\n\r\nwords\r\n${END}` })],
  ["a part whose header is none", () => ({ body: `--${BOUNDARY}\r\n:::\r\n\r\nwords\r\n${END}` })],
  ["no end", (door) => ({ body: filePart(door) })],
  ["a field that is not known", (door) => ({ body: field("quota", "1") + filePart(door) + END })],
  [
    "a field named like an object's member",
    (door) => ({ body: field("__proto__", "1") + filePart(door) + END }),
  ],
  ["a field and one of its prefix", (door) => ({ body: field("part[a]", "1") + filePart(door) + END })],
  [
    "a file under another name",
    () => ({ body: part('form-data; name="other"; filename="a.txt"', "a") + END }),
  ],
  [
    "a name of a field without end",
    (door) => ({ body: field("a".repeat(5_000), "1") + filePart(door) + END }),
  ],
];

for (const door of names) {
  test.each(broken)(
    `${door}: a form with %s is answered 400 with a sentence, and nothing of it is kept`,
    async (_, sentBy) => {
      const before = await left();
      const sent = sentBy(door);
      const answer = await send(door, sent);
      const { message } = (await answer.json()) as { message: string };
      expect(message).toMatch(/^\S.+[.:"]$/s);
      expect(answer.status).toBe(400);
      expect(await left()).toEqual(before);
    },
  );

  test(`${door}: a sender that goes away in the middle leaves nothing`, async () => {
    const before = await left();
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from(filePart(door, "notes.txt", "words ".repeat(5_000)).slice(0, -20)));
        await new Promise((done) => setTimeout(done, 100));
        controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      },
    });
    const answer = await send(door, { body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining("broke off") as string });
    expect(await left()).toEqual(before);
  });

  test(`${door}: a broken form that asks for no JSON is told so as text`, async () => {
    const answer = await send(door, { body: "words", accept: "text/html" });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringMatching(/^The upload broke off/),
    ]);
  });

  test(`${door}: a repeated field is refused`, async () => {
    const name = { files: "part", evaluations: "outputColumns", imports: "dataSetName" }[door];
    const answer = await send(door, { body: field(name, "a") + field(name, "b") + filePart(door) + END });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { message: `The field "${name}" occurs twice.` },
    ]);
  });
}

test.each([
  ["evaluations", 1, 0],
  ["files", 20, 1],
] as const)(
  "%s: more than %i files at once are refused, and of those before only whole ones stay",
  async (door, maxFiles, stays) => {
    const before = await left();
    const body = filePart(door) + onlyFile(door, "model.pkl", "\0").repeat(maxFiles) + END;
    expect((await send(door, { body })).status).toBe(400);
    expect((await left()).rows).toBe(before.rows + stays);
  },
);

test("bytes that are no form come as application/octet-stream, and as nothing else", async () => {
  const query = "&name=notes.txt";
  const wrong = await send("files", { body: "words", type: "text/plain", query });
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: "upload_malformed" }]);
  const right = await send("files", { body: "words", type: "application/octet-stream", query });
  expect([right.status, await right.json()]).toMatchObject([200, { file: { format: "text", sizeBytes: 5 } }]);
});

test("a file declared larger than any may be is refused with 413 before it is read", async () => {
  const request = new Request(`http://localhost:3000/api/uploads?draft=${draftId}&name=a.txt`, {
    method: "POST",
    headers: {
      origin: "http://localhost:3000",
      "content-type": "application/octet-stream",
      "content-length": String(env().UPLOAD_MAX_BYTES + 1),
    },
    body: "words",
  });
  expect((await uploadFile(request)).status).toBe(413);
});

test("files of one form are each kept under their own name, each within what the form has left", async () => {
  const body =
    field("part", "adapter") +
    filePart("files", "one.txt") +
    filePart("files", "two.txt", "more words") +
    END;
  expect((await send("files", { body })).status).toBe(200);
  const kept = await db.draftFile.findMany({ where: { draftId, part: "adapter" }, orderBy: { path: "asc" } });
  expect(kept.map((file) => file.path)).toEqual(["one.txt", "two.txt"]);
  expect(await db.uploadInHand.count()).toBe(0);
});
