import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileOf } from "../bundles.fixture";
import type { RunContract } from "../run-contract";
import { runtimes } from "../runtimes";
import type { RunInput } from "../model-input";
import { openModel } from "./open-model";

const bytes = readFileSync("prisma/seed/models/german-paperwork-iso/bundle/model.gguf");
const text = (value: string): RunInput => ({ kind: "text", text: value });

const reading: RunContract = {
  ...{ version: 1, bundle: "gguf", task: "text-generation", entry: "model.gguf" },
  input: { kind: "text", maxCharacters: 1_000 },
  output: { kind: "text" },
  maxTokens: null,
  prompt: {
    ...{ template: "{{input}}\n", stop: [], maxTokens: 24, temperature: "0", seed: 0 },
    constraint: { kind: "none" },
  },
  ...{ zeroShot: null, examples: null, endpoint: null, rowsPerCall: 8, threads: 1 },
  ...{ runtime: runtimes.gguf, tokenizer: runtimes.gguf },
  tolerance: { confidence: "0.01", flipsPerThousand: 2 },
};

type Changes = { prompt?: Partial<NonNullable<RunContract["prompt"]>> } & Partial<
  Omit<RunContract, "prompt">
>;

/** What the demo's reader of dates and amounts answers, under a contract that differs from its own in this. */
async function answersOf(changes: Changes, rows: readonly RunInput[], file: Uint8Array = bytes) {
  const contract = { ...reading, ...changes, prompt: { ...reading.prompt!, ...changes.prompt } };
  const model = await openModel({ files: [fileOf("model.gguf", file)], contract, isForeign: true });
  try {
    return (await model.answer(rows, 60)).answers;
  } finally {
    model.close();
  }
}

const choice = (...labels: string[]): Changes => ({
  output: { kind: "class", labels, scores: null, labelOutput: null, threshold: null },
  prompt: { constraint: { kind: "labels" } },
});

describe("a GGUF file", () => {
  it("continues the prompt of its contract up to the end, and says how likely the whole was", async () => {
    const [date, amount] = await answersOf({}, [text("12. März 2004"), text("1.234,50 EUR")]);
    expect(date).toMatchObject({ text: "2004-03-12", tokens: 15 });
    expect(date!.score).toBeGreaterThan(0.9);
    expect(amount).toMatchObject({ text: "EUR 1234.50" });
  });

  it("ends at a stop, which is not part of the answer, and at the most tokens", async () => {
    const [stopped] = await answersOf({ prompt: { stop: ["-03", "-"] } }, [text("12. März 2004")]);
    expect(stopped!.text).toBe("2004");
    const [cut] = await answersOf({ prompt: { maxTokens: 6 } }, [text("12. März 2004")]);
    expect(cut!.text).toBe("2004-0");
  });

  it("answers a row alike alone, among others in any order, many a call, and in another process", async () => {
    const rows = ["1. Mai 1999", "13,99 €", "", "Montag, 3. Juli 2006", "EUR 12"].map(text);
    const first = await answersOf({}, rows);
    const backwards = await answersOf({ rowsPerCall: 2 }, rows.toReversed());
    expect(backwards.toReversed()).toEqual(first);
    expect(await answersOf({}, rows.slice(3, 4))).toEqual(first.slice(3, 4));
  });

  it("takes the name of a control token for such in its template alone", async () => {
    const [written] = await answersOf({}, [text("</s>")]);
    const [controlled] = await answersOf({ prompt: { template: "{{input}}</s>" } }, [text("")]);
    expect(written!.tokens).toBe("</s>".length + 2);
    expect(controlled!.tokens).toBe(2);
  });

  it("reads the longest beginning of a text that its contract lets it read", async () => {
    const [cut] = await answersOf({ maxTokens: 15 }, [text("12. März 2004 und mehr")]);
    expect(cut).toMatchObject({ text: "2004-03-12", tokens: 15 });
  });

  it("refuses by itself a row that is longer than it can read with its answer", async () => {
    const [long, short] = await answersOf({}, [text("1".repeat(300)), text("1. Mai 1999")]);
    expect(long).toEqual({
      refused: "The prompt and its answer are more than the 256 tokens that it reads.",
    });
    expect(short!.text).toBe("1999-05-01");
  });

  it("says one of the labels, with what each is worth, the likeliest first", async () => {
    const [answer] = await answersOf(choice("EUR 12.00", "2004-12-03", "2004-03-12"), [text("12.03.2004")]);
    expect(answer!.label).toBe("2004-03-12");
    expect(answer!.scores).toHaveLength(3);
    expect(answer!.score).toBe(answer!.scores![0]!.score);
    expect(answer!.scores!.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9);
    const descending = answer!.scores!.toSorted((a, b) => b.score - a.score);
    expect(answer!.scores).toEqual(descending);
  });

  it("refuses labels of which one begins another: nothing would tell them apart", async () => {
    await expect(answersOf(choice("2004", "2004-03-12"), [text("12.03.2004")])).rejects.toThrow(
      expect.objectContaining({
        code: "model_run_failed",
        message: expect.stringContaining("2004-03-12 begins with the label 2004"),
      }),
    );
  });

  it("says JSON of its schema, whatever it would rather say", async () => {
    const schema = {
      type: "object",
      properties: { kind: { enum: ["date", "amount"] }, certain: { type: "boolean" } },
    };
    const extraction: Changes = {
      output: { kind: "json" },
      prompt: { maxTokens: 80, constraint: { kind: "json_schema", schema: JSON.stringify(schema) } },
    };
    const answers = await answersOf(extraction, [text("12. März 2004"), text("13,99 €")]);
    for (const answer of answers) {
      expect(JSON.parse(answer.text!)).toEqual({
        kind: expect.stringMatching(/^(?:date|amount)$/),
        certain: expect.any(Boolean),
      });
    }
  });

  it.each([
    ["half of it", bytes.subarray(0, bytes.length / 2)],
    ["its beginning alone", bytes.subarray(0, 200)],
    ["nothing", new Uint8Array()],
    ["something else", Buffer.from("<html></html>")],
  ])("is refused where it is %s", async (_, file) => {
    await expect(answersOf({}, [text("1. Mai 1999")], file)).rejects.toThrow(
      expect.objectContaining({ code: "model_run_failed" }),
    );
  });
});
