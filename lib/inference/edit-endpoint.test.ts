import { expect, test } from "vitest";
import { editContract, editableFields, editableNames } from "./edit-contract";
import { draftedEndpoint } from "./edit-endpoint";
import type { RunContract } from "./run-contract";

const chat = draftedEndpoint("https://models.example.com/v1/chat/completions");
const plain = draftedEndpoint("https://models.example.com/classify");
const hub = draftedEndpoint("https://api-inference.huggingface.co/models/small");

test("the address of an endpoint tells its shape, and nothing else of it", () => {
  expect([chat, plain, hub].map(({ endpoint }) => endpoint?.shape)).toEqual([
    "openai-chat",
    "json",
    "hf-inference",
  ]);
  expect(plain.endpoint?.pointers).toEqual({ input: "/input", answer: "/answer", score: null });
});

test("an endpoint's own fields come back unchanged, by names that a form may send", () => {
  for (const contract of [plain, hub]) {
    const fields = editableFields(contract);
    for (const { name } of fields) expect(editableNames).toContain(name);
    expect(
      editContract(contract, Object.fromEntries(fields.map(({ name, value }) => [name, value]))),
    ).toEqual({
      contract,
    });
  }
});

test("a seller writes shape, model, task, labels, prompt and pointers, and the address stays", () => {
  const typed = {
    ...{ shape: "json", model: " small ", task: "text-classification", labels: "ham\r\nspam" },
    ...{
      template: "Mail: {{input}}",
      inputPointer: "/data/0",
      answerPointer: "/out/la~1bel",
      scorePointer: "/p",
    },
  };
  expect(editContract(chat, typed)).toMatchObject({
    contract: {
      task: "text-classification",
      output: { kind: "class", labels: ["ham", "spam"] },
      prompt: { template: "Mail: {{input}}" },
      endpoint: {
        ...{ url: chat.endpoint?.url, shape: "json", model: "small" },
        pointers: { input: "/data/0", answer: "/out/la~1bel", score: "/p" },
      },
    },
  });
});

test.each<[RunContract, Record<string, string>, string]>([
  [chat, {}, "model"],
  [chat, { model: "x".repeat(201) }, "model"],
  [plain, { shape: "soap" }, "shape"],
  [plain, { task: "tabular-regression" }, "task"],
  [hub, { task: "extraction" }, "task"],
  [plain, { task: "text-classification", labels: "one" }, "labels"],
  [plain, { task: "text-classification", labels: "one\none" }, "labels"],
  [plain, { template: "no place" }, "template"],
  [plain, { inputPointer: "text" }, "inputPointer"],
  [plain, { answerPointer: "/a~2" }, "answerPointer"],
  [plain, { scorePointer: "p" }, "scorePointer"],
])("what is wrong in %# is said at its field", (contract, typed, field) => {
  expect(editContract(contract, typed)).toMatchObject({ wrong: { [field]: expect.stringMatching(/\.$/) } });
});
