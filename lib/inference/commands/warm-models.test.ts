import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { selfDescribedContract } from "../self-described";
import type { Bundle } from "./open-model";
import { admitModel } from "./run-model";
import { answerOnce, warmLimits } from "./warm-models";

const bytes = readFileSync("prisma/seed/models/penguin-scales/model.onnx");
const { summary, contract } = await admitModel(bytes);
const [flipper, mass] = contract.preprocessing.kind === "numbers" ? contract.preprocessing.columns : [];
const bird = {
  kind: "fields",
  values: { [flipper?.name ?? ""]: "200", [mass?.name ?? ""]: "4000" },
} as const;

let opened = 0;
async function penguins(): Promise<Bundle> {
  opened += 1;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = {
    path: "model.onnx",
    sha256,
    sizeBytes: bytes.length,
    open: async () => Readable.from([bytes]),
  };
  return { files: [file], contract: selfDescribedContract(summary, contract, "model.onnx"), isForeign: true };
}

describe("models that stand ready", () => {
  it("are opened once, and answer each time the same", async () => {
    const answers = [];
    for (let time = 0; time < 3; time += 1)
      answers.push(await answerOnce("once", penguins, bird, `client ${time}`));
    expect(opened).toBe(1);
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(contract.classes).toContain(answers[0]?.answer.label);
  });

  it("refuse a third question of the same client while two are in work", async () => {
    const asked = [1, 2, 3].map(() => answerOnce("once", penguins, bird, "same"));
    await expect(Promise.all(asked)).rejects.toThrow(expect.objectContaining({ code: "try_busy" }));
    await Promise.allSettled(asked);
  });

  it("make room for others: never more than four stand ready", async () => {
    for (let at = 0; at <= warmLimits.models; at += 1)
      await answerOnce(`model ${at}`, penguins, bird, "visitor");
    opened = 0;
    await answerOnce(`model ${warmLimits.models}`, penguins, bird, "visitor");
    expect(opened).toBe(0);
    await answerOnce("model 0", penguins, bird, "visitor");
    expect(opened).toBe(1);
  });

  it("hurt nobody else when one of them fails, and the next question opens it anew", async () => {
    const other = async () => {
      const bundle = await penguins();
      return { ...bundle, contract: { ...bundle.contract, entry: "missing.onnx" } };
    };
    await expect(answerOnce("broken", other, bird, "a")).rejects.toThrow(/could not be run/);
    await expect(answerOnce("broken", penguins, bird, "a")).resolves.toHaveProperty("answer.label");
  });
});
