import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { summariseEvaluation, type EvaluationSummary } from "@/lib/measurement/evaluation";
import { admitModel } from "@/lib/inference/commands/run-model";
import { canShow } from "@/lib/catalogue/limitation";
import { limitKey, linkOf } from "@/lib/catalogue/limitation-link";
import { countOf } from "@/lib/measurement/limitation-figure";
import { demoModels, findDemoModel } from "./catalogue";
import { measuresOf } from "./demo-model";
import { train as trainClothing } from "./clothing-thumbnails/train";
import type { DemoModel } from "./demo-model";
import { type DemoEvaluation, evaluateDemoModel, runRows } from "./evaluate";
import { loadRows, modelsFolder } from "./training/fit";
import { Position, Solver } from "./training/connect-four";
import { lowestThreshold } from "./threshold";
import { cardOf } from "./write-cards";
import { train as trainWeather } from "./weather-without-rain-gauge/train";

const judged = new Map<string, { evaluation: DemoEvaluation; summary: EvaluationSummary }>();
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const committed = (slug: string, file: string) => readFileSync(path.join(modelsFolder, slug, file));
const isTrainedHere = ({ dataOrigins }: DemoModel) => dataOrigins.some(({ use }) => use === "training");
const trained = demoModels.filter(isTrainedHere);

const sellsUse = ({ parts }: DemoModel) =>
  parts.some(({ part }) => part === "weights" || part === "adapter" || part === "hosted_access");

beforeAll(async () => {
  for (const model of demoModels) {
    const evaluation = await evaluateDemoModel(model.slug, "attestation");
    const summary = summariseEvaluation(evaluation.rows, evaluation.slices, Number(model.declaredLevel));
    judged.set(model.slug, { evaluation, summary });
  }
}, 120_000);

describe("the same rows give the same bytes", () => {
  it.each([
    ["weather-without-rain-gauge", trainWeather],
    ["clothing-thumbnails", trainClothing],
  ])("%s trains to the committed file, twice", (slug, train) => {
    const expected = sha256(committed(slug, "model.onnx"));
    expect([sha256(train()), sha256(train())]).toEqual([expected, expected]);
  });
});

describe.each(demoModels.map((model) => [model.slug, model] as const))("%s", (slug, model) => {
  it("has the card that its measurement writes", () => {
    const { evaluation, summary } = judged.get(slug)!;
    expect(committed(slug, "README.md").toString("utf8")).toBe(cardOf(model, summary, evaluation.runtime));
  });

  it("counts its rows, shares and classes truly", async () => {
    const splits = {
      training: isTrainedHere(model) ? loadRows(slug, "training").rows.length : 0,
      evaluation: loadRows(slug, "attestation").rows.length,
    };
    for (const { use, rows } of model.dataOrigins) expect(rows).toBe(splits[use]);
    expect(model.contributors.reduce((sum, { shareBasisPoints }) => sum + shareBasisPoints, 0)).toBe(10_000);
    if (model.runtime === "onnx")
      expect((await admitModel(committed(slug, "model.onnx"))).contract.classes).toEqual(model.classes);
  });

  it("states every limitation that names a figure with one that its rows have, of a kind that can show it", () => {
    const { summary } = judged.get(slug)!;
    for (const { type, shownBy } of model.limitations) {
      const measures = measuresOf(model, shownBy);
      if (!measures) continue;
      expect(canShow(type, measures), type).toBe(true);
      expect(countOf(summary, linkOf(measures)), type).not.toBeNull();
    }
    const keys = model.limitations.map(({ type, shownBy }) =>
      limitKey({ type, measures: measuresOf(model, shownBy) }),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("shows five to nine slices, and one of them breaks", () => {
    const { summary } = judged.get(slug)!;
    expect(summary.slices.length).toBeGreaterThanOrEqual(5);
    expect(summary.slices.length).toBeLessThanOrEqual(9);
    expect(summary.slices.some(({ verdict }) => verdict === "fails")).toBe(true);
  });

  it("sells its use only when a slice is shown to hold and to beat its base rate", () => {
    expect(sellsUse(model)).toBe(judged.get(slug)!.summary.hasNiche);
  });
});

describe("the catalogue", () => {
  it("has eight models or more, and several sell something other than weights", () => {
    expect(demoModels.length).toBeGreaterThanOrEqual(8);
    const others = demoModels.filter(({ parts }) => parts.some(({ part }) => part !== "weights"));
    expect(others.length).toBeGreaterThanOrEqual(2);
    expect(new Set(demoModels.map(({ slug }) => slug)).size).toBe(demoModels.length);
  });

  it("a slice that looked flawless while it was chosen need not hold later", async () => {
    const slug = "weather-without-rain-gauge";
    const discovery = await evaluateDemoModel(slug, "discovery");
    const found = summariseEvaluation(discovery.rows, discovery.slices, 0.8).slices[0]!;
    expect(found).toMatchObject({ discovered: true, k: found.n });
    const later = judged.get(slug)!.summary.slices[0]!;
    expect(later).toMatchObject({ verdict: "not_enough_evidence", discovered: false });
    expect(later.k).toBeLessThan(later.n);
  });
});

describe.each(demoModels.filter(sellsUse).map((model) => [model.slug, model] as const))(
  "%s: what it is cut at",
  (slug, model) => {
    it("is the lowest confidence that the discovery rows support", async () => {
      const discovery = await evaluateDemoModel(slug, "discovery");
      for (const { condition } of model.slices) {
        const cut = condition.all.find((test) => "confidenceAtLeast" in test);
        if (!cut) continue;
        const others = condition.all.filter((test) => test !== cut);
        expect(lowestThreshold(discovery, others, Number(model.declaredLevel))).toBe(cut.confidenceAtLeast);
      }
    });
  },
);

describe("the boosted trees, laid out as converters write them", () => {
  it("answer every discovery row as XGBoost itself does, to a millionth", async () => {
    const slug = "bird-strike-damage";
    const own = JSON.parse(committed(slug, "xgboost-answers.json").toString("utf8")) as number[];
    const { predictions } = await runRows(findDemoModel(slug), loadRows(slug, "discovery"));
    expect(predictions).toHaveLength(own.length);
    const distances = predictions.map(({ prediction, probability = Number.NaN }, at) =>
      Math.abs((prediction === "damaged" ? probability : 1 - probability) - (own[at] ?? Number.NaN)),
    );
    expect(Math.max(...distances)).toBeLessThan(1e-6);
  });
});

// Two penguins may well measure the same, and two strikes be reported alike; they are kept apart by nesting pair and by year.
const alike = ["penguin-scales", "bird-strike-damage"];

describe("rows are kept apart by source", () => {
  it.each(trained.map(({ slug }) => slug).filter((slug) => !alike.includes(slug)))(
    "%s: no row of one file is in another",
    (slug) => {
      const splits = (["training", "discovery", "attestation"] as const).map(
        (split) => loadRows(slug, split).rows,
      );
      const contents = splits.map((rows) => new Set(rows.map(({ features }) => JSON.stringify(features))));
      for (const [left, right] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        const shared = [...contents[left]!].filter((content) => contents[right]!.has(content));
        expect(shared).toEqual([]);
      }
    },
  );

  it.each([
    "short-mail-spam",
    "short-label-language",
    "package-shelf",
    "licence-family",
    "connect-four-reflexes",
    "penguin-scales",
    "bird-strike-damage",
    "german-paperwork-iso",
    "definition-shelf",
    "voice-on-the-line",
    "glossary-subject",
    "printed-capitals",
  ])("%s: no source of the discovery rows is a source of the attestation rows", (slug) => {
    const discovery = new Set(loadRows(slug, "discovery").rows.map(({ cluster }) => cluster));
    const shared = loadRows(slug, "attestation").rows.filter(({ cluster }) => discovery.has(cluster));
    expect(shared).toEqual([]);
  });
});

describe("the connect-four solver", () => {
  it("agrees with a plain search of every line of play", () => {
    const solver = new Solver();
    for (const columns of [
      [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1],
      [2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 4, 4, 0, 0, 5],
    ]) {
      const position = new Position();
      for (const column of columns) if (position.canPlay(column)) position.play(column);
      const plain = [0, 1, 2, 3, 4, 5].map((column) =>
        position.canPlay(column) ? plainValue(position, column) : undefined,
      );
      expect(solver.valuesOf(position)).toEqual(plain);
    }
  });
});

/** Minimax without bounds, table or shortcuts: what a column is worth to the side to move. */
function plainValue(position: Position, column: number): number {
  if (position.wins(column, position.mover)) return Math.floor((32 - position.stones) / 2);
  position.play(column);
  const replies = [0, 1, 2, 3, 4, 5]
    .filter((reply) => position.canPlay(reply))
    .map((reply) => plainValue(position, reply));
  position.takeBack(column);
  return replies.length === 0 ? 0 : 0 - Math.max(...replies);
}
