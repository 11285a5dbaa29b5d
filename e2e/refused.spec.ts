import { type APIResponse, type APIRequestContext } from "@playwright/test";
import { expect, test } from "./fixtures/sign-in";

const own = new URL(process.env.APP_ORIGIN ?? "http://localhost:3000").origin;

/** The fields with which the report page names its action, as it was served just now. */
async function actionFields(request: APIRequestContext): Promise<Record<string, string>> {
  const page = await (await request.get("/report")).text();
  const inputs = page.matchAll(/<input type="hidden" name="(\$ACTION[^"]*)"(?: value="([^"]*)")?/g);
  return Object.fromEntries(
    [...inputs].map(([, name, value = ""]) => [name, value.replaceAll("&quot;", '"')]),
  );
}

const report = { about: "/glossary", reason: "other", body: "Sent by a test of what is refused." };

async function expectWords(response: APIResponse, status: number, words: RegExp): Promise<void> {
  expect(response.status()).toBe(status);
  const text = await response.text();
  expect(text).toMatch(words);
  expect(text).toContain('<html lang="en">');
  expect(response.headers()["content-security-policy"]).toContain("default-src 'self'");
  expect(response.headers()["cache-control"]).toContain("no-store");
}

for (const origin of ["https://evil.example", "null", "::::"]) {
  test(`a form sent from ${origin} is refused in words, with and without JavaScript`, async ({ request }) => {
    const fields = await actionFields(request);
    const words = new RegExp(`sent from another address than ${own}\\. Nothing was changed`);
    const plain = await request.post("/report", { headers: { origin }, multipart: { ...fields, ...report } });
    await expectWords(plain, 403, words);
    const headers = { origin, "next-action": "0".repeat(42) };
    await expectWords(await request.post("/report", { headers, multipart: { "0": "[]" } }), 403, words);
  });
}

test("a form that cannot be read, or is too large, is refused in words", async ({ request }) => {
  const fields = await actionFields(request);
  const send = (options: object) => request.post("/report", { headers: { origin: own }, ...options });
  await expectWords(await send({ multipart: { ...fields, "$ACTION_1:1": "{{{" } }), 400, /cannot be read/);
  await expectWords(await send({ multipart: report }), 400, /cannot be read/);
  const headers = { origin: own, "content-type": "multipart/form-data; boundary=x" };
  const cut = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb';
  await expectWords(await send({ headers, data: Buffer.from(cut) }), 400, /cannot be read/);
  const large = { ...fields, ...report, body: "x".repeat(1_100_000) };
  await expectWords(await send({ multipart: large }), 413, /at most one megabyte/);
});

test("a page answers no method but those that browsers use", async ({ request }) => {
  for (const method of ["PUT", "DELETE", "PATCH"]) {
    const response = await request.fetch("/report", { method });
    await expectWords(response, 405, new RegExp(`does not answer ${method}`));
    expect(response.headers().allow).toBe("GET, HEAD, POST, OPTIONS");
  }
});

test("a form of an action that is not there any more is refused, and so is a name that never was one", async ({
  request,
}) => {
  const fields = await actionFields(request);
  const descriptor = Object.keys(fields).find((name) => name.endsWith(":0")) ?? "";
  const send = (id: string) =>
    request.post("/report", {
      headers: { origin: own },
      multipart: { ...fields, ...report, [descriptor]: JSON.stringify({ id, bound: "$@1" }) },
    });
  expect((await send("0".repeat(42))).status()).toBeGreaterThanOrEqual(400);
  expect((await send("0".repeat(42))).status()).toBeLessThan(500);
  expect((await send("toString")).status()).toBe(400);
});

const PRIVATE = [
  "/account",
  "/deals",
  "/licences",
  "/watched",
  "/moderation",
  "/moderation/audit",
  "/sell",
  "/mailbox",
];

test("nobody on the way keeps a private page, and no header of a client makes it somebody", async ({
  request,
}) => {
  const headers = {
    ...{ "x-user-id": "1", "x-forwarded-user": "administrator", "x-forwarded-for": "127.0.0.1" },
    "x-middleware-subrequest": Array.from({ length: 5 }, () => "proxy").join(":"),
  };
  for (const at of PRIVATE) {
    const response = await request.get(at, { headers, maxRedirects: 0 });
    expect(response.headers()["cache-control"], at).toMatch(/private.*no-store|no-store.*private/);
    const isOpen = at === "/sell" || at === "/mailbox";
    if (!isOpen) expect(response.headers().location, at).toContain("/sign-in");
  }
});
