import { expect, test } from "vitest";
import { askedOf, chatError, completionOf } from "./chat-completion";

const question = { model: "reader", messages: [{ role: "user", content: "1. Mai 1999" }] };

test("a model is asked what the user said last", () => {
  const messages = [
    { role: "user", content: "1. Mai 1999" },
    { role: "assistant", content: "1999-05-01" },
    { role: "user", content: "2. Mai 1999" },
    { role: "system", content: "Be brief." },
  ];
  expect(askedOf(question, "reader")).toEqual({ text: "1. Mai 1999" });
  expect(askedOf({ ...question, messages, temperature: 0, stream: false }, "reader")).toEqual({
    text: "2. Mai 1999",
  });
});

test.each([
  ["no question", {}, 400],
  ["no message", { ...question, messages: [] }, 400],
  ["no message of a user", { ...question, messages: [{ role: "system", content: "Be brief." }] }, 400],
  ["pictures", { ...question, messages: [{ role: "user", content: [{ type: "image_url" }] }] }, 400],
  ["a stream, which it cannot give", { ...question, stream: true }, 400],
  ["several answers, of which there is one", { ...question, n: 2 }, 400],
  ["a model that is not there", { ...question, model: "other" }, 404],
])("%s is an error of the shape that clients read", (_, body, status) => {
  expect(askedOf(body, "reader")).toMatchObject({
    status,
    body: { error: { message: expect.any(String), type: "invalid_request_error" } },
  });
});

test("an answer has the shape of a chat completion", () => {
  expect(completionOf("1", "reader", "1999-05-01", new Date("2026-01-02T03:04:05.600Z"))).toMatchObject({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_767_323_045,
    model: "reader",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "1999-05-01" } }],
  });
});

test("whose fault an error is follows from its status", () => {
  expect(chatError(429, "Wait.").body.error.type).toBe("rate_limit_error");
  expect(chatError(502, "It fell.").body.error.type).toBe("server_error");
});
