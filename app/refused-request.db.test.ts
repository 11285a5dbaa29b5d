import { expect, test } from "vitest";
import { refusedRequest } from "./refused-request";

const part = (head: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\nabc`;
const file = 'name="_1_a"; filename="a"\r\nContent-Type: text/plain';
const own = { origin: "http://localhost:3000", "content-type": "multipart/form-data; boundary=x" };
const ofScript = { ...own, "next-action": "0".repeat(42) };

async function statusOf(headers: Record<string, string>, body: BodyInit, path = "/report") {
  const init = { method: "POST", headers, body, duplex: "half" };
  return (await refusedRequest(new Request(`http://localhost:3000${path}`, init)))?.status ?? null;
}

test.each([part(file), part('name="0"'), `${part('name="a\u0000"')}\r\n--x--\r\n`, "", "--x--"])(
  "a form that reads %j is refused, sent by a script or not",
  async (body) => {
    expect([await statusOf(own, body), await statusOf(ofScript, body)]).toEqual([400, 400]);
  },
);

test("a file in base64 is refused, which React would take for a fault", async () => {
  const base64 = `${part(`${file}\r\nContent-Transfer-Encoding: base64`)}\r\n--x--\r\n`;
  expect(await statusOf(ofScript, base64)).toBe(400);
});

test("what is larger than a form may be is refused, also when it does not say how large it is", async () => {
  const large = new Blob(["x".repeat(1_100_000)]);
  expect(await statusOf(own, large.stream())).toBe(413);
  expect(await statusOf({ ...own, "content-length": "1100000" }, large)).toBe(413);
});

test("signed statements come from anywhere, and nothing else does", async () => {
  const foreign = { origin: "https://evil.example", "content-type": "application/json" };
  expect(await statusOf(foreign, "{}", "/api/v1/envelopes")).toBeNull();
  for (const path of ["/report", "/api/auth/signout", "/api/v1/envelopes/x", "/verify"])
    expect(await statusOf(foreign, "{}", path), path).toBe(403);
});
