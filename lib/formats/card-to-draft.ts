import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { NotMapped } from "@/lib/shared/cursor";
import { listingOrigin } from "./import-parts";
import { type ModelCard, readModelCard } from "./model-card";
import type { CardResult } from "./model-card-results";

const MAX_LISTED = 200;
const MAX_VALUE_CHARACTERS = 600;

export type CardDraft = {
  fields: Partial<DraftFields>;
  notMapped: NotMapped[];
  /** The prose of a card about its limits, to read beside the typed limitations. */
  limits: string | null;
};

/**
 * What a model card says, as fields of a draft. Rights are never derived from a licence's name: who may do what is
 * stated by the seller. Everything without a field is listed with the reason, and the card itself is kept whole.
 */
export function draftOfCard(source: string): CardDraft {
  const card = readModelCard(source);
  if (card.isAbout !== null) {
    const notMapped = [{ path: "card", value: card.fields.title ?? "", reason: otherCard(card.isAbout) }];
    return { fields: {}, notMapped, limits: null };
  }
  const { fields } = card;
  return {
    fields: {
      title: (fields.title ?? "").slice(0, 90),
      summary: (fields.summary ?? "").slice(0, 400),
      task: fields.task ?? "",
      languages: fields.languages.join(", ").slice(0, 400),
      licenceSpdx: licenceOf(card).slice(0, 120),
      baseModels: fields.baseModels.join("\n").slice(0, 4000),
      dataOrigins: fields.datasets.slice(0, 50).map((name) => listingOrigin({ name, use: "training" })),
    },
    notMapped: [...card.notMapped, ...unplaced(card)].slice(0, MAX_LISTED).map(bounded),
    limits: card.limitations,
  };
}

/** Said of a card that is no model's: nothing is taken from it. */
export function otherCard(isAbout: NonNullable<ModelCard["isAbout"]>): string {
  return `This is a ${isAbout}'s card, not a model's.`;
}

function licenceOf({ fields }: ModelCard): string {
  return fields.licence === "other" ? (fields.licenceName ?? "other") : (fields.licence ?? "");
}

function unplaced({ fields, warnings }: ModelCard): NotMapped[] {
  const rest: NotMapped[] = [];
  const add = (path: string, value: string | null, reason: string) => {
    if (value) rest.push({ path, value, reason });
  };
  add(
    "license_link",
    fields.licenceLink,
    "Rights are stated in their own fields; the link stays in the card.",
  );
  add("library_name", fields.libraryName, "There is no field for it; it stays in the card.");
  add("tags", fields.tags.join(", "), "Tags are not used for search here; they stay in the card.");
  add("metrics", fields.metrics.join(", "), "Measures follow from your evaluation file.");
  for (const result of fields.results) {
    add(
      "model-index",
      resultText(result),
      "A stated figure, not shown: add the rows behind it to have it counted.",
    );
  }
  for (const warning of warnings) rest.push({ path: "card", value: "", reason: warning });
  return rest;
}

function resultText({ dataset, metric, valueText }: CardResult): string {
  const place = [dataset.name, dataset.config, dataset.split].filter(Boolean).join(", ");
  return `${metric.name ?? metric.type} ${valueText} on ${place}`;
}

function bounded({ path, value, reason }: NotMapped): NotMapped {
  const shown = value.length > MAX_VALUE_CHARACTERS ? `${value.slice(0, MAX_VALUE_CHARACTERS)}…` : value;
  return { path, value: shown, reason };
}
