import type { Limitation } from "@/lib/catalogue/limitation";
import { limitKey } from "@/lib/catalogue/limitation-link";
import type { ListingInput, TimelineEventInput } from "@/lib/catalogue/listing";
import { type RunContract, contractDigest } from "@/lib/inference/run-contract";
import { conditionWords } from "@/lib/measurement/condition";
import type { PartName } from "@/lib/catalogue/part";
import { type DemoEvent, type DemoModel, measuresOf } from "./models/demo-model";

export type StoredPart = { storedFileId: string; part: PartName; path: string };

export type DemoListingFacts = {
  contact: string;
  /** Display name of who sells it. */
  sellerName: string;
  card: string;
  /** None of a model that its seller serves. */
  files: StoredPart[];
  run: RunContract;
  /** Display name → account, for contributors who have one. */
  accounts: ReadonlyMap<string, string>;
  /** Drafted from slices that were measured to fail. */
  measured: readonly Limitation[];
};

/** A demo model as the listing its seller publishes. Without weights or hosting on offer it claims no niche. */
export function demoListing(model: DemoModel, facts: DemoListingFacts): ListingInput {
  const sellsTheModel = model.parts.some(({ part }) => part === "weights" || part === "hosted_access");
  const { task, domain, declaredLevel } = model;
  return {
    title: model.title,
    summary: model.oneLine,
    description: descriptionOf(model),
    card: facts.card,
    contact: facts.contact,
    niche: sellsTheModel ? { task, domain, languages: [...model.languages], declaredLevel } : null,
    licenceSpdx: model.licence,
    rights: { ...model.rights, fieldOfUse: model.rights.fieldOfUse ?? null },
    artifact: facts.run.endpoint
      ? { kind: "endpoint", endpointUrl: facts.run.endpoint.url }
      : { kind: "files", files: facts.files },
    run: { contract: facts.run, sha256: contractDigest(facts.run) },
    parts: model.parts.map((part) => ({ ...part, priceMinor: BigInt(part.priceMinor) })),
    limitations: limitationsOf(model, facts.measured),
    dataOrigins: model.dataOrigins.map(({ rows, url, ...origin }) => ({
      ...origin,
      url: url ?? null,
      rowCount: rows,
    })),
    contributors: contributorsOf(model, facts),
    events: model.timeline.map(eventOf),
  };
}

/** A seller who did not make the model keeps this much for looking after the listing; the makers share the rest. */
const SELLING_SHARE_BASIS_POINTS = 3_000;

function contributorsOf(
  model: DemoModel,
  { sellerName, accounts }: DemoListingFacts,
): ListingInput["contributors"] {
  const isMaker = model.contributors.some(({ name }) => name === sellerName);
  const selling = {
    name: sellerName,
    role: "Looks after the listing and answers buyers",
    shareBasisPoints: SELLING_SHARE_BASIS_POINTS,
  };
  const makersBasisPoints = isMaker ? 10_000 : 10_000 - SELLING_SHARE_BASIS_POINTS;
  const makers = model.contributors.map((maker) => ({
    ...maker,
    shareBasisPoints: (maker.shareBasisPoints * makersBasisPoints) / 10_000,
  }));
  return [...makers, ...(isMaker ? [] : [selling])].map(({ name, role, shareBasisPoints }) => {
    return { name, contribution: role, shareBasisPoints, accountId: accounts.get(name) ?? null };
  });
}

function descriptionOf({ classes, slices }: DemoModel): string {
  const answers =
    classes.length === 0
      ? "It answers with a text."
      : classes.length > 30
        ? `It answers with one of ${classes.length} classes.`
        : `It answers with one of ${classes.length} classes: ${classes.join(", ")}.`;
  const conditions = slices
    .map(({ name, condition }) => `- **${name}**: ${conditionWords(condition)}`)
    .join("\n");
  return `${answers}\n\nThe slices it is measured on, each checkable without knowing the right answer:\n\n${conditions}\n`;
}

/** What the seller says in their own words, and what the evaluation shows beside it, each measured by its own figure. */
function limitationsOf(model: DemoModel, measured: readonly Limitation[]): Limitation[] {
  const stated = model.limitations.map(({ type, severity, note, shownBy }): Limitation => {
    return { type, presence: "present", severity, condition: note, measures: measuresOf(model, shownBy) };
  });
  const keyOf = ({ measures }: Limitation) => limitKey({ type: "", measures });
  const known = new Set(stated.filter(({ measures }) => measures).map(keyOf));
  return [...stated, ...measured.filter((limitation) => !known.has(keyOf(limitation)))];
}

function eventOf({ kind, from, to, text, originator }: DemoEvent): TimelineEventInput {
  // All of it is what the seller reports; whose doing it was stands in the words.
  const source = originator.startsWith("Offcut demo") ? "" : ` Source: ${originator}.`;
  return {
    kind,
    fromDate: new Date(from),
    toDate: to ? new Date(to) : null,
    text: `${text}${source}`,
    originator: "seller",
  };
}
