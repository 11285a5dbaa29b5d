/**
 * Writes the model card (README.md) of every demo model from its listing and from a real
 * run on its attestation rows: tsx prisma/seed/models/write-cards.ts
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { summariseEvaluation, type EvaluationSummary } from "@/lib/measurement/evaluation";
import type { Tally } from "@/lib/measurement/tally";
import { limitationTypes } from "@/lib/catalogue/limitation";
import { NOT_MEASURED, linkOf, measuresText } from "@/lib/catalogue/limitation-link";
import { countOf } from "@/lib/measurement/limitation-figure";
import { demoModels } from "./catalogue";
import { type DemoLimitation, type DemoModel, measuresOf } from "./demo-model";
import { evaluateDemoModel } from "./evaluate";
import { modelsFolder } from "./training/fit";

/** The text of a card: Hugging Face front matter, then what the listing says, in prose and tables. */
export function cardOf(
  model: DemoModel,
  summary: EvaluationSummary,
  runtime: { name: string; version: string },
): string {
  const sections = [
    `# ${model.title}`,
    model.oneLine,
    "## Where it works and where it breaks",
    measuredText(model, summary),
    sliceTable(model, summary),
    "## Limitations",
    model.limitations.map((limitation) => limitationLine(model, limitation, summary)).join("\n"),
    "## Data",
    model.dataOrigins
      .map(
        ({ name, source, licence, use, rows }) =>
          `- ${use === "training" ? "Training" : "Evaluation"}: ${name}, ${rows} rows. Source: ${source}. Licence: ${licence}.`,
      )
      .join("\n"),
    "## How it was made and how to run it",
    madeAndRun(model, runtime),
    "## Terms",
    `Licence of the files: ${model.licence}.${model.rights.fieldOfUse ? ` Meant for: ${model.rights.fieldOfUse}` : ""} Nothing here is a promise about data of your own: try it on a sample first.`,
  ];
  return `---\n${stringify(frontMatter(model, summary), { lineWidth: 0 })}---\n\n${sections.join("\n\n")}\n`;
}

/** The sentence with the figure that counts exactly what it names, then the seller's words; or the words as words. */
function limitationLine(
  model: DemoModel,
  { type, severity, note, shownBy }: DemoLimitation,
  summary: EvaluationSummary,
): string {
  const head = `- **${limitationTypes[type].label}** (${severity}):`;
  const measures = measuresOf(model, shownBy);
  const figure = measures && countOf(summary, linkOf(measures));
  if (!measures || !figure) return `${head} ${note} ${NOT_MEASURED}`;
  return `${head} ${measuresText(measures)}: ${figure.k} of ${figure.n}, ${interval(figure)}. In the seller’s words: ${note}`;
}

function frontMatter(model: DemoModel, summary: EvaluationSummary) {
  const { n, value } = summary.overall;
  return {
    language: [...model.languages],
    license: model.licence.toLowerCase(),
    pipeline_tag: model.task,
    library_name: libraryOf(model),
    tags: [model.domain, summary.hasNiche ? "narrow-niche" : "parts-only", "offcut-demo"],
    datasets: model.dataOrigins.map(({ name }) => name),
    metrics: ["accuracy"],
    "model-index": [
      {
        name: model.title,
        results: [
          {
            task: { type: model.task },
            dataset: {
              name: model.dataOrigins.find(({ use }) => use === "evaluation")?.name ?? "",
              type: `${model.slug}-rows`,
              split: "attestation",
            },
            metrics: [
              { type: "accuracy", value: Math.round((value ?? 0) * 10_000) / 10_000, args: { rows: n } },
            ],
          },
        ],
      },
    ],
  };
}

/** What its files are made for, by the names that model cards use. */
function libraryOf({ runtime, contract }: DemoModel): string {
  if (runtime === "bundle") return contract?.bundle ?? "";
  if (runtime === "endpoint") return "served by its seller";
  return runtime === "cld3" ? "cld3-asm" : "onnx";
}

function measuredText(
  { declaredLevel }: DemoModel,
  { overall, clusters, slices }: EvaluationSummary,
): string {
  const independent = overall.clustered
    ? `They are ${clusters?.n} clusters (rows of one document, source or time, which are not independent): tests are twice the median over 1,000 draws of one row from each, and intervals are 95 %, drawn over clusters.`
    : "Intervals are Wilson 95 %, each slice by itself.";
  return `Measured on ${overall.n} rows that were used neither for training nor for choosing these slices. ${independent} The verdict is an exact binomial test against ${declaredLevel}, corrected for ${slices.length} slices.`;
}

function sliceTable(model: DemoModel, summary: EvaluationSummary): string {
  const words = { filled: "holds", fails: "fails", not_enough_evidence: "not enough evidence" };
  const all = summary.overall;
  const rows = summary.slices.map((slice) => [
    `${slice.name} (${slice.sellerName})`,
    `${slice.k} of ${slice.n}`,
    clustersOf(slice),
    interval(slice),
    percent(slice.baseRate),
    words[slice.verdict],
  ]);
  const table = [
    ["Rows", "Right", "Clusters", "Interval", "Base rate", `At ${model.declaredLevel}`],
    ["---", "---", "---", "---", "---", "---"],
    ["All rows", `${all.k} of ${all.n}`, clustersOf(all), interval(all), percent(all.baseRate), ""],
    ...rows,
  ];
  return table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function madeAndRun(model: DemoModel, runtime: { name: string; version: string }): string {
  const made = model.timeline.filter(({ kind }) => kind === "trained").map(({ text }) => text);
  const how = {
    onnx: "`train.ts` in this folder trains it again, byte for byte, from the rows kept beside it, and says where they come from. Class names and preprocessing are in the file’s metadata (`offcut.classes`, `offcut.preprocessing`).",
    bundle:
      "`bundle/` holds the files as their toolkit wrote them: nothing of ours is in them. The programs beside it collect the rows and train again.",
    endpoint:
      "It runs at its seller and is asked by OpenAI’s chat completions. There are no files here: what is served may be another model by now.",
    package:
      "It is not trained here: the package is used as it is published. `train.ts` in this folder only collects the rows.",
  }[model.runtime === "cld3" || model.runtime === "silero" ? "package" : model.runtime];
  return [...made, how, `Measured with ${runtime.name} ${runtime.version}.`].join(" ");
}

/** Where no two rows belong together, every row is one. */
function clustersOf({ clustered, n }: Tally): string {
  return String(clustered?.n ?? n);
}

function interval({ lower, upper }: { lower: number; upper: number }): string {
  return `${percent(lower)} to ${percent(upper)}`;
}

function percent(value: number | null): string {
  return value === null ? "none" : `${(value * 100).toFixed(1)} %`;
}

if (process.argv[1] === import.meta.filename) {
  for (const model of demoModels) {
    const evaluation = await evaluateDemoModel(model.slug, "attestation");
    const summary = summariseEvaluation(evaluation.rows, evaluation.slices, Number(model.declaredLevel));
    writeFileSync(
      path.join(modelsFolder, model.slug, "README.md"),
      cardOf(model, summary, evaluation.runtime),
    );
    console.log(`${model.slug}: card written`);
  }
}
