import { type Task, isTask } from "@/lib/catalogue/niche";
import { type CardResult, type CardResults, readModelIndex, shownValue } from "./model-card-results";
import { type NotMapped, textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { readCardText, splitCard } from "./model-card-text";
import { cleanText } from "@/lib/shared/clean-text";
import { type ReadYaml, YAML_MAX_DEPTH, readYamlText } from "./yaml-text";

export type ModelCardFields = {
  title: string | null;
  summary: string | null;
  task: Task | null;
  /** BCP-47 tags in canonical form. */
  languages: string[];
  licence: string | null;
  licenceName: string | null;
  licenceLink: string | null;
  baseModels: string[];
  datasets: string[];
  metrics: string[];
  tags: string[];
  libraryName: string | null;
  /** Figures the card states; grade `claimed` at most. */
  results: CardResult[];
};

export type ModelCard = {
  fields: ModelCardFields;
  /** Prose of the sections about limits, bias, risks and misuse. */
  limitations: string | null;
  /** What the card is about instead of a model; null for a model's. */
  isAbout: "data set" | "Space" | null;
  body: string;
  /** Everything of the front matter that has no place here, with the reason: nothing is lost. */
  notMapped: NotMapped[];
  warnings: string[];
};

export const MAX_CARD_CHARACTERS = 1_000_000;
/** Of a front matter that could not be read so much is listed; the card keeps it whole. */
const MAX_LOST_CHARACTERS = 4_000;

/**
 * Reads a Hugging Face model card (README.md): YAML front matter between `---` lines and Markdown after it.
 * Never throws: what cannot be read is reported in `warnings` and `notMapped` and the rest is kept.
 */
export function readModelCard(source: string): ModelCard {
  const warnings: string[] = [];
  if (source.length > MAX_CARD_CHARACTERS)
    warnings.push("The card is longer than a million characters and was cut there.");
  const { frontMatter, body, isUnclosed } = splitCard(cleanText(source.slice(0, MAX_CARD_CHARACTERS)));
  if (isUnclosed) warnings.push("The front matter is opened and never closed, so it was read as text.");
  const notMapped: NotMapped[] = [];
  const metadata = frontMatter === null ? {} : readFrontMatter(frontMatter, notMapped, warnings);
  const { title, summary, limitations } = readCardText(body);
  const reader = new FieldReader(metadata, notMapped);
  const index: CardResults =
    metadata["model-index"] === undefined
      ? { modelName: null, results: [], notMapped: [], warnings: [] }
      : readModelIndex(metadata["model-index"]);
  const fields: ModelCardFields = {
    title: title ?? reader.text("model_name") ?? index.modelName,
    summary,
    task: null,
    languages: reader.languages(),
    licence: reader.text("license"),
    licenceName: reader.text("license_name"),
    licenceLink: reader.text("license_link"),
    baseModels: reader.texts("base_model"),
    datasets: reader.texts("datasets"),
    metrics: reader.texts("metrics"),
    tags: reader.texts("tags"),
    libraryName: reader.text("library_name"),
    results: index.results,
  };
  fields.task = reader.task(fields.tags, index.results, warnings);
  reader.listRest();
  warnings.push(...index.warnings);
  notMapped.push(...index.notMapped);
  return { fields, limitations, isAbout: subjectOf(metadata, title), body, notMapped, warnings };
}

/** Keys that only cards of data sets have, those of Spaces, and those of models, in the words of the Hub. */
const DATA_SET_KEYS =
  "task_categories task_ids size_categories dataset_info source_datasets annotations_creators language_creators".split(
    " ",
  );
const SPACE_KEYS = ["sdk", "app_file", "sdk_version"];
const MODEL_KEYS = ["pipeline_tag", "model-index", "library_name", "base_model"];

function subjectOf(metadata: Record<string, unknown>, title: string | null): ModelCard["isAbout"] {
  const has = (key: string) => metadata[key] !== undefined;
  if (MODEL_KEYS.some(has)) return null;
  if (SPACE_KEYS.filter(has).length > 1) return "Space";
  const isNamed = /^data\s?set card\b/i.test(title ?? "");
  return isNamed || DATA_SET_KEYS.some(has) ? "data set" : null;
}

class FieldReader {
  private readonly used = new Set(["model-index", "model_name"]);

  constructor(
    private readonly metadata: Record<string, unknown>,
    private readonly notMapped: NotMapped[],
  ) {}

  /** One text; of a list the first, the others listed. */
  text(key: string): string | null {
    const [first = null, ...others] = this.texts(key);
    others.forEach((value, index) => this.lose(`${key}[${index + 1}]`, value, "Only one can be kept."));
    return first;
  }

  /** A text or a list of texts, each once. */
  texts(key: string): string[] {
    this.used.add(key);
    const value = this.metadata[key];
    if (value === undefined || value === null) return [];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.map((entry, index) => {
      const text = textOf(entry);
      if (text === null && entry !== null && entry !== "") {
        this.lose(Array.isArray(value) ? `${key}[${index}]` : key, entry, "It is not text.");
      }
      return text;
    });
    return [...new Set(texts.filter((text) => text !== null))];
  }

  languages(): string[] {
    const tags = this.texts("language").map((text) => {
      const tag = /^multilingual$/i.test(text) ? "mul" : canonicalLanguage(text);
      if (tag === null) this.lose("language", text, "It is not a language tag (BCP 47).");
      return tag;
    });
    return [...new Set(tags.filter((tag) => tag !== null))];
  }

  task(tags: readonly string[], results: readonly CardResult[], warnings: string[]): Task | null {
    const stated = this.text("pipeline_tag");
    if (stated !== null && isTask(stated)) return stated;
    if (stated !== null) {
      this.lose("pipeline_tag", stated, "It is not among the tasks known here.");
      return null;
    }
    const implied = [...tags, ...results.map(({ task }) => task.type)].find(isTask);
    if (!implied) return null;
    warnings.push(`The task "${implied}" was taken from the tags or results; the card does not state one.`);
    return implied;
  }

  listRest(): void {
    for (const [key, value] of Object.entries(this.metadata)) {
      if (this.used.has(key)) continue;
      const isGate = key.startsWith("extra_gated_");
      this.lose(
        key,
        value,
        isGate ? "Access conditions belong to the listing's terms here." : "There is no field for it.",
      );
    }
  }

  private lose(path: string, value: unknown, reason: string): void {
    this.notMapped.push({ path, value: shownValue(value), reason });
  }
}

function readFrontMatter(text: string, notMapped: NotMapped[], warnings: string[]): Record<string, unknown> {
  const lose = (warning: string) => {
    warnings.push(warning);
    notMapped.push({ path: "front matter", value: text.slice(0, MAX_LOST_CHARACTERS), reason: warning });
    return {};
  };
  const read = readYamlText(text);
  if ("problem" in read) return lose(problemOf(read));
  if (read.hasRepeatedKeys) warnings.push("A key of the front matter occurs twice; the last one counts.");
  if (read.value === null || read.value === undefined) return {};
  return isObject(read.value) ? read.value : lose("The front matter is not a list of keys and values.");
}

function problemOf(read: Extract<ReadYaml, { problem: string }>): string {
  if (read.problem === "not_yaml") return `The front matter is not YAML (line ${read.line + 1} of the card).`;
  if (read.problem === "too_long") return "The front matter is longer than 64 KB, so it was not read.";
  if (read.problem === "too_many")
    return "The front matter has more than 5,000 lines and commas, so it was not read.";
  if (read.problem === "aliases")
    return "The front matter repeats itself by more than 50 aliases, so it was not read.";
  return `The front matter nests more than ${YAML_MAX_DEPTH} deep, so it was not read.`;
}

function canonicalLanguage(text: string): string | null {
  if (!/^[a-z]{2,3}([-_][a-z0-9]{1,8})*$/i.test(text)) return null;
  try {
    return Intl.getCanonicalLocales(text.replaceAll("_", "-"))[0] ?? null;
  } catch {
    return null;
  }
}
