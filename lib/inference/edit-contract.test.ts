import { describe, expect, it } from "vitest";
import { draftContract } from "./draft-contract";
import { editContract, editableFields, editableNames } from "./edit-contract";
import type { RunContract } from "./run-contract";

function drafted(format: string, facts: unknown): RunContract {
  const found = draftContract([{ path: `m.${format}`, format, facts, text: null }]);
  if ("reason" in found) throw new Error(found.reason);
  return found.contract;
}

const generator = drafted("gguf", { contextLength: 1_024 });
const table = drafted("onnx", {
  inputs: ["x"],
  inputTypes: ["float32[?,2]"],
  outputs: ["p"],
  outputTypes: ["float32[?,2]"],
  operators: ["Softmax"],
});

describe("writing into a drafted contract", () => {
  it("leaves it as it is where its own fields come back unchanged", () => {
    for (const contract of [generator, table]) {
      const typed = Object.fromEntries(editableFields(contract).map(({ name, value }) => [name, value]));
      expect(editContract(contract, typed)).toEqual({ contract });
    }
  });

  it("asks by names that a form may send", () => {
    for (const contract of [generator, table])
      for (const { name } of editableFields(contract)) expect(editableNames).toContain(name);
  });

  it("takes names of columns and classes, and a threshold of two of them", () => {
    const typed = { columns: "height\r\nweight", labels: "ham\nspam", threshold: "spam >= 0.9 else ham" };
    expect(editContract(table, typed)).toMatchObject({
      contract: {
        input: {
          columns: [
            { name: "height", place: 0 },
            { name: "weight", place: 1 },
          ],
        },
        output: { labels: ["ham", "spam"], threshold: { label: "spam", atLeast: "0.9", otherwise: "ham" } },
      },
    });
  });

  it("makes a generator one that chooses among classes, or that fills in a JSON schema", () => {
    expect(editContract(generator, { task: "text-classification" })).toMatchObject({
      contract: { output: { kind: "class" }, prompt: { constraint: { kind: "labels" } } },
    });
    expect(editContract(generator, { task: "extraction" })).toMatchObject({
      contract: { output: { kind: "json" }, prompt: { constraint: { kind: "json_schema" } } },
    });
  });

  it("says at each field what is wrong, whatever was typed", () => {
    const wrong: [RunContract, Record<string, string>, string][] = [
      [table, { columns: "a\na" }, "columns"],
      [table, { columns: "" }, "columns"],
      [table, { labels: "one" }, "labels"],
      [table, { threshold: "much" }, "threshold"],
      [table, { rowsPerCall: "1e9" }, "rowsPerCall"],
      [generator, { template: "no place" }, "template"],
      [generator, { maxTokens: "many" }, "maxTokens"],
      [generator, { task: "tabular-regression" }, "task"],
    ];
    for (const [contract, typed, field] of wrong)
      expect(editContract(contract, typed)).toMatchObject({
        wrong: { [field]: expect.stringMatching(/\.$/) },
      });
  });
});
