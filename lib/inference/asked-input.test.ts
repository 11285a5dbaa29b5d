import { describe, expect, it } from "vitest";
import { askedInput, readInput } from "./asked-input";
import { fieldName } from "./trial-fields";

const fields = {
  kind: "fields",
  fields: [
    { name: "age", type: "whole_number", unit: "years" },
    { name: "price", type: "number", unit: "" },
    { name: "city", type: "text", unit: "" },
  ],
} as const;
const sent = (...texts: string[]) => ({
  texts: Object.fromEntries(texts.map((text, at) => [fieldName(fields.fields[at]?.name ?? ""), text])),
  file: null,
});

describe("asking for one input", () => {
  it("reads each field by the name that the contract gives it", () => {
    expect(readInput({ ...fields, fields: [...fields.fields] }, sent("7", "1.5", "Rome"))).toEqual({
      input: { kind: "fields", values: { age: "7", price: "1.5", city: "Rome" } },
    });
  });

  it("says of each field what is wrong with it", () => {
    expect(readInput({ ...fields, fields: [...fields.fields] }, sent("7.5", "much", " "))).toEqual({
      wrong: {
        [fieldName("age")]: "Write a whole number.",
        [fieldName("price")]: "Write a number.",
        [fieldName("city")]: "Write something here.",
      },
    });
  });

  it("refuses a text that is longer than the model reads, by characters as people count them", () => {
    const asked = { kind: "text", maxCharacters: 3 } as const;
    expect(readInput(asked, { texts: { text: "a💡b" }, file: null })).toHaveProperty("input");
    expect(readInput(asked, { texts: { text: "a💡bc" }, file: null })).toEqual({
      wrong: { text: "The model reads at most 3 characters; these are 4." },
    });
  });

  it("asks for a board as the network that reads it has it", () => {
    const preprocessing = { kind: "board", version: 1, columns: 6, rows: 5 } as const;
    expect(
      askedInput({
        input: { kind: "prepared", preprocessing: JSON.stringify(preprocessing), graphInput: "x" },
      }),
    ).toMatchObject({
      kind: "fields",
      fields: [{ name: "board", unit: expect.stringContaining("30 of the signs") }],
    });
  });

  it("asks for a picture where none came", () => {
    expect(readInput({ kind: "image" }, { texts: {}, file: null })).toEqual({
      wrong: { file: "Choose a picture." },
    });
  });
});
