import type { Cursor } from "@/lib/shared/cursor";
import { addTrap, checkFigure, statedNumber } from "./figure";
import {
  type ForeignDataOrigin,
  type ForeignDraft,
  type ForeignImport,
  type Trap,
  dataOrigin,
} from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { isTask } from "@/lib/catalogue/niche";
import { addCondition, importJson, listingOrigin, webAddress } from "./import-parts";
import { readDeclarations } from "./cyclonedx-declarations";
import { readLicence } from "./cyclonedx-licence";
import { intervalOf, readStatedValue } from "./stated-value";

const MAX_COMPONENTS = 5_000;

/**
 * Reads a CycloneDX 1.5 to 1.7 document: the first machine-learning model with its card, figures, data sets and
 * licence, and the document's claims and counter-claims. Signatures inside it are not checked.
 */
export function importCycloneDx(_name: string, input: ForeignInput): Promise<ForeignImport> {
  return importJson("cyclonedx", input, (reading) => {
    const { cursor, draft, traps, warnings } = reading;
    for (const key of ["bomFormat", "$schema", "version"]) cursor.at(key).take();
    const version = cursor.at("specVersion").text(20);
    if (!/^1\.[567]$/.test(version ?? "")) {
      addTrap(
        traps,
        "unsupported_version",
        `This is version ${version ?? "unknown"} of the format, not 1.5 to 1.7.`,
      );
    }
    addCondition(draft, "serialNumber", cursor.at("serialNumber").text(100));
    const components = allComponents(cursor);
    judgeReferences(components, traps);
    const models = components.filter((component) => component.at("type").value === "machine-learning-model");
    const [model] = models;
    if (model) readModel(model, components, draft, traps);
    else warnings.push("There is no machine-learning model in it.");
    if (models.length > 1) warnings.push(`It describes ${models.length} models; the first was taken.`);
    readDeclarations(cursor.at("declarations"), draft, traps);
    if (hasSignature(cursor)) {
      addTrap(
        traps,
        "signature_not_checked",
        "It carries JSON signatures (JSF), which are not checked here.",
      );
    }
  });
}

function allComponents(cursor: Cursor): Cursor[] {
  const found: Cursor[] = [];
  const queue = [cursor.at("metadata").at("component"), ...cursor.at("components").list()].filter(
    ({ value }) => value !== undefined,
  );
  for (const component of queue) {
    if (found.length >= MAX_COMPONENTS) break;
    found.push(component);
    if (component.has("components") && queue.length < MAX_COMPONENTS)
      queue.push(...component.at("components").list());
  }
  return found;
}

function judgeReferences(components: readonly Cursor[], traps: Trap[]): void {
  const seen = new Set<unknown>();
  for (const component of components) {
    const reference = component.at("bom-ref").value;
    if (typeof reference !== "string") continue;
    if (seen.has(reference))
      addTrap(traps, "repeated_id", `Two components are "${reference.slice(0, 100)}".`);
    seen.add(reference);
  }
}

function readModel(model: Cursor, components: Cursor[], draft: ForeignDraft, traps: Trap[]): void {
  model.at("type").take();
  const name = model.at("name").text(300);
  const group = model.at("group").text(300);
  draft.model.name = name;
  draft.model.id = group === null ? name : `${group}/${name ?? ""}`;
  draft.model.revision = model.at("version").text(100);
  for (const hash of model.at("hashes").list()) {
    const isSha256 = hash.at("alg").value === "SHA-256";
    const content = hash.at("content").value;
    if (isSha256 && typeof content === "string" && /^[0-9a-f]{64}$/i.test(content)) {
      draft.model.sha256 = hash.at("content").text(100)?.toLowerCase() ?? null;
      hash.at("alg").take();
    }
  }
  const summary = model.at("description").text(4_000) ?? "";
  const card = model.at("modelCard");
  const parameters = card.at("modelParameters");
  const task = parameters.at("task").text(200);
  draft.listing = {
    title: (name ?? "").slice(0, 90),
    summary: summary.slice(0, 400),
    task: task !== null && isTask(task) ? task : "",
    licenceSpdx: readLicence(model.at("licenses"), 120) ?? "",
    baseModels: readAncestors(model.at("pedigree"), draft),
  };
  addCondition(draft, "task", task);
  addCondition(draft, "approach", parameters.at("approach").at("type").text(60));
  addCondition(draft, "architectureFamily", parameters.at("architectureFamily").text(200));
  addCondition(draft, "modelArchitecture", parameters.at("modelArchitecture").text(200));
  addCondition(draft, "publisher", model.at("publisher").text(300));
  readFigures(card, draft, traps);
  readConsiderations(card.at("considerations"), draft);
  draft.dataOrigins = parameters
    .at("datasets")
    .list()
    .slice(0, 200)
    .flatMap((set) => readDataSet(set, components));
  draft.listing.dataOrigins = draft.dataOrigins
    .slice(0, 50)
    .map(({ name: title, url, licence, use }) => listingOrigin({ name: title, url, licence, use }));
}

/** Base models that a model says it was made from. */
function readAncestors(pedigree: Cursor, draft: ForeignDraft): string {
  const names: string[] = [];
  for (const ancestor of pedigree.at("ancestors").list().slice(0, 50)) {
    const type = ancestor.at("type").text(60);
    const name = ancestor.at("name").text(300);
    if (name === null || (type !== null && type !== "machine-learning-model")) continue;
    const group = ancestor.at("group").text(300);
    names.push(group === null ? name : `${group}/${name}`);
    const version = ancestor.at("version").text(100);
    addCondition(draft, "base model", version === null ? null : `${names.at(-1)} ${version}`);
  }
  return [...new Set(names)].join("\n").slice(0, 4_000);
}

function readFigures(card: Cursor, draft: ForeignDraft, traps: Trap[]): void {
  for (const metric of card.at("quantitativeAnalysis").at("performanceMetrics").list().slice(0, 2_000)) {
    const value = readStatedValue(metric.at("value").take());
    const lower = statedNumber(metric.at("confidenceInterval").at("lowerBound").take()).value;
    const upper = statedNumber(metric.at("confidenceInterval").at("upperBound").take()).value;
    const type = metric.at("type").text(200) ?? "score";
    draft.figures.push(
      checkFigure(
        {
          name: type,
          metric: type,
          slice: metric.at("slice").text(300),
          value: value?.value ?? null,
          valueText: value?.valueText ?? "",
          scale: value?.isPercent ? "percent" : "not_stated",
          interval:
            lower === null || upper === null
              ? intervalOf(value)
              : { lower, upper, level: null, method: null },
        },
        traps,
      ),
    );
  }
}

function readConsiderations(considerations: Cursor, draft: ForeignDraft): void {
  for (const key of ["technicalLimitations", "performanceTradeoffs"]) {
    draft.limitations.push(...considerations.at(key).texts().slice(0, 200));
  }
  for (const risk of considerations.at("ethicalConsiderations").list().slice(0, 200)) {
    const name = risk.at("name").text(1_000);
    if (name !== null) draft.limitations.push(name);
  }
  for (const key of ["users", "useCases"]) {
    for (const value of considerations.at(key).texts(1_000).slice(0, 100))
      draft.conditions.push({ name: key, value });
  }
}

function readDataSet(found: Cursor, components: Cursor[]): ForeignDataOrigin[] {
  const reference = found.at("ref").text(500);
  const described =
    reference === null
      ? found
      : components
          .flatMap((component) => [component, ...component.at("data").list()])
          .find((candidate) => candidate.at("bom-ref").value === reference);
  if (!described) {
    found.note("It refers to a data set that the document does not hold.");
    return [];
  }
  described.at("type").take();
  const url = described.at("contents").at("url").text(2_000);
  const owners = described.at("governance").at("owners").list();
  const name = described.at("name").text(300) ?? reference ?? "data set";
  return [
    dataOrigin(name, {
      description: described.at("description").text(4_000),
      url: webAddress(url),
      licence: readLicence(described.at("licenses"), 200),
      creators: owners
        .map(
          (owner) =>
            owner.at("organization").at("name").text(300) ?? owner.at("contact").at("name").text(300),
        )
        .filter((text) => text !== null),
      version: described.at("version").text(100),
      limitations: described.at("sensitiveData").texts(1_000),
    }),
  ];
}

function hasSignature(cursor: Cursor): boolean {
  const declarations = cursor.at("declarations");
  const claims = declarations.at("claims").list();
  return [cursor, declarations, ...claims].some((place) => place.has("signature"));
}
