import fc from "fast-check";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { isPlainFormMessage, isScriptFormMessage } from "./action-message";
import type { ActionState } from "./action-state";

type React = {
  encodeReply: (value: unknown, options: object) => Promise<FormData | string>;
  createTemporaryReferenceSet: () => object;
};
/** What Next.js puts into the browser, as our pages send it. */
const { encodeReply, createTemporaryReferenceSet } = createRequire(import.meta.url)(
  "next/dist/compiled/react-server-dom-turbopack/client.browser",
) as React;

const texts = fc.dictionary(fc.string(), fc.string({ unit: "binary" }), { noNullPrototype: true });
const state: fc.Arbitrary<ActionState | null> = fc.oneof(
  fc.constant(null),
  fc.record(
    { ok: fc.constant(true as const), message: fc.string(), values: texts },
    { requiredKeys: ["ok"], noNullPrototype: true },
  ),
  fc.record(
    {
      ...{ ok: fc.constant(false as const), code: fc.constant("not_found" as const) },
      ...{ message: fc.string({ unit: "binary" }), fields: texts, values: texts },
    },
    { noNullPrototype: true },
  ),
);

function formOf(fields: Record<string, string | File>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

test("whatever a page sends with its last answer is read", async () => {
  await fc.assert(
    fc.asyncProperty(state, texts, async (previous, fields) => {
      const message = await encodeReply([previous, formOf(fields)], {
        temporaryReferences: createTemporaryReferenceSet(),
      });
      expect(message instanceof FormData && isScriptFormMessage(message)).toBe(true);
    }),
  );
});

const id = "7f56b12a507c3d9b15d70bef03c8756bb78a10ebdb";
const plain = {
  $ACTION_REF_1: "",
  "$ACTION_1:0": JSON.stringify({ id, bound: "$@1" }),
  "$ACTION_1:1": "[null]",
  $ACTION_KEY: "k1",
  about: "/glossary",
};

test("a form without JavaScript is read, also after an answer", () => {
  expect(isPlainFormMessage(formOf(plain))).toBe(true);
  const answered = JSON.stringify([
    { ok: false, code: "x", message: "No.", fields: {}, values: { a: "$$1" } },
  ]);
  expect(isPlainFormMessage(formOf({ ...plain, "$ACTION_1:1": answered }))).toBe(true);
});

test.each<Record<string, string | File>>([
  { about: "/glossary" },
  { [`$ACTION_ID_${id}`]: "" },
  { ...plain, [`$ACTION_ID_${id}`]: "" },
  { ...plain, "$ACTION_1:0": "{" },
  { ...plain, "$ACTION_1:0": JSON.stringify({ id, bound: "$@9" }) },
  { ...plain, "$ACTION_1:0": JSON.stringify({ id, bound: null }) },
  { ...plain, "$ACTION_1:0": new File(["{}"], "a") },
  { ...plain, "$ACTION_1:1": "{{{" },
  { ...plain, "$ACTION_1:1": "[1,2,3]" },
  { ...plain, "$ACTION_1:1": '["$F1"]' },
  { ...plain, "$ACTION_1:1": `[{"ok":true,"values":${"[".repeat(20_000)}` },
  { ...plain, "$ACTION_1:2": "[]" },
  { ...plain, $ACTION_REF_2: "" },
])("%o is not a form of ours", (fields) => {
  expect(isPlainFormMessage(formOf(fields))).toBe(false);
});

test.each<Record<string, string>>([
  {},
  { "7": "[]" },
  { "0": "{{{" },
  { "0": "[]" },
  { "0": '[null,"$K2"]' },
  { "0": '[null,"$K1",1]' },
  { "0": '[{"ok":true,"message":"$F2"},"$K1"]', "2": '{"id":"x"}' },
  { "0": '[{"ok":true,"then":"$1:__proto__:then"},"$K1"]' },
  { "0": '[null,"$K1"]', "1": "[]" },
])("%o is not what JavaScript makes of a form", (fields) => {
  expect(isScriptFormMessage(formOf(fields))).toBe(false);
});
