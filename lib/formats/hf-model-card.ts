import { draftOfCard, otherCard } from "./card-to-draft";
import { readModelCard } from "./model-card";
import { checkFigure } from "./figure";
import { type ForeignImport, type Trap, dataOrigin, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readText } from "./foreign-source";
import { excerptOf } from "@/lib/shared/cursor";
import { refusedImport } from "./import-parts";
import { intervalOf } from "./stated-value";

/** Reads a Hugging Face README.md: fields of a listing, and the figures of its `model-index`. */
export function importHfModelCard(_name: string, input: ForeignInput): ForeignImport {
  const read = readText(input);
  if ("problem" in read) return refusedImport("hf-model-card", read.problem);
  const card = readModelCard(read.text);
  if (card.isAbout !== null) return refusedImport("hf-model-card", otherCard(card.isAbout));
  const { fields, notMapped } = draftOfCard(read.text);
  const traps: Trap[] = [];
  const draft = emptyForeignDraft();
  draft.listing = fields;
  draft.model.name = card.fields.title;
  if (card.limitations !== null) draft.limitations.push(card.limitations);
  for (const { task, dataset, metric, source, ...stated } of card.fields.results) {
    draft.figures.push(
      checkFigure(
        {
          name: task.name ?? task.type,
          metric: metric.type,
          dataSet: {
            name: dataset.name,
            config: dataset.config,
            split: dataset.split,
            revision: dataset.revision,
          },
          value: stated.value,
          valueText: stated.valueText,
          scale: stated.isPercent ? "percent" : "not_stated",
          interval: intervalOf(stated),
          source,
        },
        traps,
      ),
    );
  }
  draft.dataOrigins = card.fields.datasets.slice(0, 50).map((name) => dataOrigin(name, { use: "training" }));
  const filled = Object.values(fields).filter((value) => value !== "" && excerptOf(value) !== "[]").length;
  return {
    format: "hf-model-card",
    draft,
    // Figures have a place of their own here.
    notMapped: notMapped.filter(({ path }) => path !== "model-index" && path !== "card"),
    traps,
    warnings: card.warnings,
    mappedCount: filled + draft.figures.length,
  };
}
