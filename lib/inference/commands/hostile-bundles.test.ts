import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findIsolation, runInSandbox } from "@/lib/platform/sandbox";
import { fileOf } from "../bundles.fixture";
import { answersFrom, numberBundle, onnxAttacks, transformersAttacks } from "../hostile-bundles.fixture";
import { fasttextAttacks, ggufAttacks } from "../hostile-headers.fixture";
import { CANARY, attempt, lookout } from "../hostile-bundles.lookout.fixture";
import { bundleProgram } from "./open-model";

let watch: Awaited<ReturnType<typeof lookout>>;
beforeAll(async () => {
  watch = await lookout();
});
afterAll(async () => watch.close());

const rows = [{ kind: "fields", values: { x: "1" } }] as const;
const gguf = readFileSync("prisma/seed/models/german-paperwork-iso/bundle/model.gguf");
const fasttext = readFileSync("prisma/seed/models/definition-shelf/bundle/model.ftz");

describe("a bundle that wants more than to answer", () => {
  it("answers from a file of its own, and from none that lies outside it", async () => {
    const weights = fileOf("weights.bin", Buffer.from(Float32Array.of(CANARY).buffer));
    const own = { bundle: numberBundle(answersFrom("weights.bin"), [weights]), rows, seconds: 20 };
    expect((await attempt(own)).said).toContain(String(CANARY));
    for (const location of [watch.relative, watch.canary]) {
      const { outcome, said } = await attempt({
        bundle: numberBundle(answersFrom(location)),
        rows,
        seconds: 20,
      });
      expect(outcome).toBe("refused");
      expect(said).not.toContain(String(CANARY));
    }
  });

  it("reads, writes, reaches and ends nothing of the host, even where its code is its own", async () => {
    const program = { ...bundleProgram, script: "lib/inference/commands/planted-code.fixture.mjs" };
    const folders = ["/tmp", ".", process.cwd()];
    const header = {
      ...{ runtime: "try", canary: watch.canary, port: watch.port, folders, hostProcess: process.pid },
    };
    const { header: found, isolation } = await runInSandbox(program, { header, maxOutputBytes: 4_096 }, 20);
    expect(isolation).toBe(await findIsolation(bundleProgram));
    expect(found).toEqual({
      ok: true,
      read: !isolation.includes("own-files"),
      wrote: [],
      connected: !isolation.includes("network"),
      signalled: false,
      environment: [],
    });
    expect(watch.visitors()).toBe(0);
  });

  it.each([
    ["loop", async () => onnxAttacks(watch).find(({ name }) => name.includes("2^52"))],
    ["memory", async () => onnxAttacks(watch).find(({ name }) => name.includes("64 GB"))],
    [
      "pattern",
      async () => (await transformersAttacks(watch)).find(({ name }) => name.includes("every way")),
    ],
    [
      "keys",
      async () => (await transformersAttacks(watch)).find(({ name }) => name.includes("every object")),
    ],
    ["header", async () => ggufAttacks(gguf).find(({ name }) => name.includes("2^60 tensors"))],
    ["vectors", async () => fasttextAttacks(fasttext).find(({ name }) => name.includes("vectors"))],
  ])("comes to the end that its kind has, and leaves the host as it was: %s", async (_, find) => {
    const attack = await find();
    if (!attack) throw new Error("there is no such attack");
    const before = process.memoryUsage().rss;
    expect((await attempt(attack)).outcome).toBe(attack.outcome);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 ** 2);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(watch.visitors()).toBe(0);
  });
});
