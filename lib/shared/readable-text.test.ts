import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { readableText } from "./readable-text.fixture";

test("ids, hashes and signatures are left out, words and numbers stay", () => {
  const secret = {
    amount: "6001",
    minor: 6001,
    name: "Ada",
    reason: "The rows were late and long. ".repeat(9),
  };
  const random = { id: randomUUID(), sha256: "6001".repeat(16), signature: "Ada+".repeat(22) + "A==" };
  expect(readableText(JSON.stringify(secret))).toBe(JSON.stringify(secret));
  expect(readableText(JSON.stringify(random))).toBe('{"id":"","sha256":"","signature":""}');
});
