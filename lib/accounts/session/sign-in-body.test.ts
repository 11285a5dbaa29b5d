import { expect, test } from "vitest";
import { readSignInBody } from "./sign-in-body";

const sent = (body: string | null, type: string) =>
  readSignInBody(new Request("http://x", { method: "POST", body, headers: { "content-type": type } }));

test.each([
  ['{"email":"a@b.c","password":"x","json":true}', "application/json; charset=utf-8"],
  ["email=a&password=b", "application/x-www-form-urlencoded"],
  ["", "application/x-www-form-urlencoded"],
])("a body that next-auth can read passes unchanged: %j", async (body, type) => {
  expect(await sent(body, type)).toEqual({ body });
});

test.each([
  ["{", "application/json", 400],
  ["", "application/json", 400],
  ["null", "application/json", 400],
  ["[1]", "application/json", 400],
  ['{"email":{"a":1}}', "application/json", 400],
  ['{"email":["a"]}', "application/json", 400],
  [`{"email":${"[".repeat(10_000)}`, "application/json", 400],
  [`email=${"a".repeat(20_000)}`, "application/x-www-form-urlencoded", 413],
  ["a", "text/plain", 415],
  ["a", "multipart/form-data; boundary=x", 415],
])("any other is answered with a sentence: %.20s as %s is %i", async (body, type, status) => {
  expect(await sent(body, type)).toMatchObject({
    status,
    message: expect.stringMatching(/^\S.+\.$/) as string,
  });
});
