import { isStorableDate } from "@/lib/shared/column-bounds";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { fractionDigits, parseAmount } from "@/lib/shared/money";
import { LINK_REFUSED, isSafeLink } from "@/lib/shared/safe-link";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { checkEndpointUrl } from "@/lib/catalogue/endpoint-url";
import { type ListingInput, checkListing } from "@/lib/catalogue/listing";
import { type domains, isDomain, isTask, type tasks } from "@/lib/catalogue/niche";
import { type PartName, partLabels, partNames } from "@/lib/catalogue/part";
import { missingShards, missingText } from "@/lib/artifact/shards";
import { plainHandle } from "./draft";
import { draftedLimitations } from "./drafted-limitations";
import { draftedTitle } from "./drafted-title";

export type DraftFileFacts = {
  storedFileId: string;
  path: string;
  part: PartName;
  /** The files that it names, where it is an index of weights. */
  shards: readonly string[];
};

/** Everything publishing a draft depends on. */
export type DraftFacts = {
  fields: DraftFields;
  card: string;
  files: readonly DraftFileFacts[];
  currency: string;
  /** Accounts of contributors by handle, as far as they exist. */
  contributorIds: ReadonlyMap<string, string>;
  /** Where a demo's own seller serves a model; null where this is no demo. */
  demoOrigin: string | null;
};

/** One thing to do before publishing, with the form field it belongs to. */
export type DraftProblem = { field: string; message: string; isMissing: boolean };

export type DraftCheck = { listing: ListingInput; problems: DraftProblem[] };

/**
 * Holds a draft against what publishing needs: a card, file or endpoint; a niche or parts of a model without one; a
 * price; a contact. Gives the listing it would become and every problem at once, in the order of the page.
 */
export function checkDraft(facts: DraftFacts): DraftCheck {
  const problems: DraftProblem[] = [];
  const wrong = (field: string, message: string) => problems.push({ field, message, isMissing: false });
  const missing = (field: string, message: string) => problems.push({ field, message, isMissing: true });
  const reader = { wrong, missing };
  const { fields } = facts;
  const listing: ListingInput = {
    title: fields.title.trim() || draftedTitle(facts),
    summary: fields.summary,
    description: fields.description,
    card: facts.card,
    contact: fields.contact.trim(),
    artifact: artifactOf(facts, reader),
    niche: nicheOf(fields, reader),
    licenceSpdx: fields.licenceSpdx.trim() || null,
    rights: { ...fields.rights, fieldOfUse: fields.fieldOfUse.trim() || null },
    baseModels: linesOf(fields.baseModels),
    parts: partsOf(facts, reader),
    limitations: draftedLimitations(fields),
    dataOrigins: originsOf(fields, reader),
    contributors: contributorsOf(facts, reader),
    events: eventsOf(fields, reader),
  };
  if (listing.contact === "") missing("contact", "Say how a buyer reaches you.");
  if (problems.length === 0) problems.push(...problemsOfListing(listing, facts.demoOrigin));
  return { listing, problems };
}

/** Throws `draft_incomplete` with every field that is missing or wrong; otherwise the listing to publish. */
export function listingOfDraft(facts: DraftFacts): ListingInput {
  const { listing, problems } = checkDraft(facts);
  if (problems.length > 0) {
    const fields: Record<string, string> = {};
    for (const { field, message } of problems) fields[field] ??= message;
    const rest = problems.length > 1 ? ` ${problems.length - 1} more below.` : "";
    throw new DomainError("draft_incomplete", `Not published yet: ${problems[0]?.message}${rest}`, fields);
  }
  return listing;
}

/**
 * Refuses a niche that the evidence denies. `hasNiche` says for each evaluation of these files whether some slice is
 * shown to reach the level and to beat its base rate. Without any evaluation a niche is a claim and reads so.
 */
export function refuseWithoutNiche(scope: DraftFields["scope"], hasNiche: readonly boolean[]): void {
  refuseUnless(
    scope !== "niche" || hasNiche.length === 0 || hasNiche.some(Boolean),
    "no_niche",
    "Your evaluation shows no slice that reaches the level you declare and beats always giving the most common answer, " +
      "so this model cannot be listed for a niche. Declare a level it reaches, or sell its parts instead.",
  );
}

type Reader = Record<"wrong" | "missing", (field: string, message: string) => void>;

function artifactOf(
  { fields, card, files, demoOrigin }: DraftFacts,
  { wrong, missing }: Reader,
): ListingInput["artifact"] {
  const endpointUrl = fields.endpointUrl.trim();
  if (endpointUrl !== "") {
    const refusal = checkEndpointUrl(endpointUrl, demoOrigin);
    if (refusal) wrong("endpointUrl", refusal);
    if (files.length > 0) {
      wrong(
        "endpointUrl",
        "A listing holds files or an endpoint. Remove one of them and list it separately.",
      );
    }
    return { kind: "endpoint", endpointUrl };
  }
  for (const missing of missingShards(files)) wrong("files", missingText(missing));
  if (files.length > 0) {
    const kept = files.map(({ storedFileId, path, part }) => ({ storedFileId, path, part }));
    return { kind: "files", files: kept };
  }
  if (card.trim() === "") missing("card", "Add a model card, a file or an endpoint: one is enough.");
  return { kind: "card_only" };
}

function nicheOf(fields: DraftFields, { wrong, missing }: Reader): ListingInput["niche"] {
  if (fields.scope === "parts") return null;
  if (!isTask(fields.task)) missing("task", "Choose the task.");
  if (!isDomain(fields.domain)) missing("domain", "Choose what its input is about.");
  const languages = languagesOf(fields.languages);
  if (languages.length === 0) missing("languages", "Name a language, or zxx where there is none.");
  if (fields.declaredLevel === "") missing("declaredLevel", "Choose the level you declare.");
  else if (!/^0\.(80|90|95|99)$/.test(fields.declaredLevel))
    wrong("declaredLevel", "Choose a level of the list.");
  return {
    task: fields.task as keyof typeof tasks,
    domain: fields.domain as keyof typeof domains,
    languages,
    declaredLevel: fields.declaredLevel as "0.90",
  };
}

function partsOf({ fields, currency }: DraftFacts, { wrong, missing }: Reader): ListingInput["parts"] {
  const parts: ListingInput["parts"] = [];
  for (const part of partNames) {
    const typed = fields.parts[part];
    if (!typed || typed.pricing === "") continue;
    const { pricing } = typed;
    const priceMinor = pricing === "free" ? 0n : amountOf(typed.price, currency);
    if (priceMinor === null) {
      const label = partLabels[part];
      if (typed.price.trim() === "") missing(`parts.${part}.price`, `${label}: name a price.`);
      else {
        const example = fractionDigits(currency) > 0 ? "90 or 90.50" : "90";
        wrong(`parts.${part}.price`, `${label}: write an amount such as ${example}.`);
      }
    }
    const term = typed.termMonths.trim();
    if (term !== "" && !/^[1-9]\d{0,3}$/.test(term)) {
      wrong(
        `parts.${part}.termMonths`,
        `${partLabels[part]}: write whole months, or leave it empty for ever.`,
      );
    }
    parts.push({
      part,
      pricing,
      priceMinor: priceMinor ?? 0n,
      termMonths: term === "" ? null : Number(term),
    });
  }
  if (parts.length === 0) missing("parts", "Offer at least one part, with a price or free.");
  return parts;
}

function originsOf(
  fields: DraftFields,
  { wrong, missing }: Reader,
): NonNullable<ListingInput["dataOrigins"]> {
  return fields.dataOrigins.flatMap((origin, index) => {
    const at = `dataOrigins.${index}`;
    const { name, source, licence, url, rowCount } = trimmed(origin);
    if (!name && !source && !licence && !url && !rowCount) return [];
    if (!name) wrong(`${at}.name`, "Give the data a name.");
    if (url && !isSafeLink(url)) wrong(`${at}.url`, LINK_REFUSED);
    const count = rowCount.replace(/[\s,._']/g, "");
    if (rowCount && !/^\d{1,9}$/.test(count))
      wrong(`${at}.rowCount`, "Write a whole number of rows, of nine digits at most.");
    if (origin.use === "") {
      missing(`${at}.use`, `Say what ${name || "this data"} was used for.`);
      return [];
    }
    return [
      {
        name,
        source,
        licence: licence || null,
        url: url || null,
        use: origin.use,
        rowCount: count === "" ? null : Number(count),
      },
    ];
  });
}

function contributorsOf(
  { fields, contributorIds }: DraftFacts,
  { wrong }: Reader,
): NonNullable<ListingInput["contributors"]> {
  const contributors = fields.contributors.flatMap((person, index) => {
    const at = `contributors.${index}`;
    const { name, handle, contribution, sharePercent } = trimmed(person);
    if (!name && !handle && !contribution && !sharePercent) return [];
    const plain = plainHandle(handle);
    const accountId = contributorIds.get(plain) ?? null;
    if (!name && !plain) wrong(`${at}.name`, "Name this person.");
    if (plain && !accountId) wrong(`${at}.handle`, `Nobody here is called @${plain}.`);
    const share = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(sharePercent.replace(/\s*%$/, ""));
    const shareBasisPoints = share ? Number(share[1]) * 100 + Number((share[2] ?? "").padEnd(2, "0")) : 0;
    if (!share) wrong(`${at}.sharePercent`, "Write a share such as 50 or 12.5.");
    return [{ accountId, name: name || plain, contribution, shareBasisPoints }];
  });
  const total = contributors.reduce((sum, { shareBasisPoints }) => sum + shareBasisPoints, 0);
  if (contributors.length > 0 && total !== 10_000) {
    wrong("contributors", `Shares add up to ${total / 100} %, not to 100 %. Include yourself.`);
  }
  return contributors;
}

function eventsOf(fields: DraftFields, { wrong }: Reader): NonNullable<ListingInput["events"]> {
  return fields.events.flatMap((event, index) => {
    const at = `events.${index}`;
    const { fromDate, toDate, text } = trimmed(event);
    if (!fromDate && !toDate && !text) return [];
    const from = dateOf(fromDate);
    const to = dateOf(toDate);
    if (!from) wrong(`${at}.fromDate`, "Say when, as a date.");
    if (toDate && !to) wrong(`${at}.toDate`, "Write a date, or leave it empty.");
    if (from && to && to < from) wrong(`${at}.toDate`, "This ends before it began.");
    if (!text) wrong(`${at}.text`, "Say what happened in a sentence.");
    return from
      ? [{ kind: event.kind, fromDate: from, toDate: to, text, originator: "seller" as const }]
      : [];
  });
}

/** What only the whole listing shows; its field names are the draft's where they differ. */
function problemsOfListing(listing: ListingInput, demoOrigin: string | null): DraftProblem[] {
  try {
    checkListing(listing, demoOrigin);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const fields = Object.entries(error.fields);
    const named = fields.length > 0 ? fields : [["title", error.message] as const];
    return named.map(([field, message]) => ({ field: formNames[field] ?? field, message, isMissing: false }));
  }
}

const formNames: Record<string, string> = {
  niche: "languages",
  artifact: "endpointUrl",
  rights: "fieldOfUse",
};

/** "en, sw zh-Hant" as tags, each once. */
export function languagesOf(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
}

function linesOf(typed: string): string[] {
  const lines = typed.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}

function amountOf(typed: string, currency: string): bigint | null {
  try {
    return parseAmount(typed, currency);
  } catch {
    return null;
  }
}

function dateOf(typed: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return null;
  const date = new Date(`${typed}T00:00:00Z`);
  return isStorableDate(date) && date.toISOString().startsWith(typed) ? date : null;
}

function trimmed<T extends Record<string, string>>(row: T): { [K in keyof T]: string } {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value.trim()])) as {
    [K in keyof T]: string;
  };
}
