import { costFigure, figureText, formatCount, formatShare, levelText } from "./cost-text";
import { type ListedLimitation, limitationTypes } from "./limitation";
import { NOT_MEASURED, measuresText } from "./limitation-link";
import { domains, isDomain, isTask, languageName, tasks } from "./niche";
import { partLabels, termText } from "./part";
import type { ListingView } from "./queries/find-listing";
import { rightLabels, rightNames } from "./rights";
import { envelopeText, gradeLabels } from "./standing";
import { formatMoney, money } from "@/lib/shared/money";

export const MAX_COMPARED = 4;

/** One line of a comparison: what is compared and one text for each listing. */
export type ComparisonLine = { group: string; label: string; values: string[]; differs: boolean };

const answers = { yes: "yes", no: "no", not_stated: "not stated" } as const;

/**
 * Up to four listings line by line, every number with its interval and rows. A line differs when its texts do. Where
 * a listing says nothing the line says so: "not stated" is not "no".
 */
export function compareListings(listings: readonly ListingView[]): ComparisonLine[] {
  const line = (group: string, label: string, read: (listing: ListingView) => string): ComparisonLine => {
    const values = listings.map(read);
    return { group, label, values, differs: new Set(values).size > 1 };
  };
  return [
    line("Niche", "Task", ({ task }) => (task ? (isTask(task) ? tasks[task] : task) : "no niche")),
    line("Niche", "Domain", ({ domain }) =>
      domain ? (isDomain(domain) ? domains[domain] : domain) : "no niche",
    ),
    line("Niche", "Languages", ({ languages }) => languages.map(languageName).join(", ") || "not stated"),
    line("Works and breaks", "Declared level", ({ declaredLevel }) =>
      declaredLevel === null ? "none declared" : levelText(declaredLevel),
    ),
    line("Works and breaks", "Envelope", ({ envelope, judgedLevel }) =>
      judgedLevel === null
        ? envelopeText(envelope)
        : `${envelopeText(envelope)} at ${levelText(judgedLevel)}`,
    ),
    line("Works and breaks", "Works in", (listing) => slicesText(listing, "filled")),
    line("Works and breaks", "Breaks on", (listing) => slicesText(listing, "fails")),
    line("Evidence", "Stands behind it", ({ evidenceGrade }) => gradeLabels[evidenceGrade]),
    line("Evidence", "Rows", ({ evaluatedRows }) => formatCount(evaluatedRows)),
    line("Evidence", "Measured", ({ evidenceAt }) => evidenceAt?.toISOString().slice(0, 10) ?? "never"),
    line("Cost", "Per 1,000 correct", costText),
    ...partLines(listings, line),
    ...rightNames.map((right) => line("Rights", rightLabels[right], ({ rights }) => answers[rights[right]])),
    line("Rights", "Field of use", ({ fieldOfUse }) => fieldOfUse ?? "no limit stated"),
    line("Rights", "Licence of the files", ({ licenceSpdx }) => licenceSpdx ?? "not stated"),
    ...limitLines(listings, line),
    line("Data", "Trained on", ({ dataOrigins }) => {
      const names = dataOrigins.filter(({ use }) => use === "training").map(({ name }) => name);
      return names.join(", ") || "not stated";
    }),
    line("Version", "Runs", ({ version }) =>
      version.kind === "endpoint"
        ? "at the seller; may change at any time"
        : version.kind === "files"
          ? "from files"
          : "card only",
    ),
  ];
}

type MakeLine = (group: string, label: string, read: (listing: ListingView) => string) => ComparisonLine;

function partLines(listings: readonly ListingView[], line: MakeLine): ComparisonLine[] {
  const parts = new Set(
    listings.flatMap((listing) => listing.parts.filter((part) => part.isOffered).map(({ part }) => part)),
  );
  return [...parts].map((name) =>
    line("Cost", partLabels[name], ({ parts: own, currency }) => {
      const part = own.find((one) => one.part === name && one.isOffered);
      if (!part) return "not offered";
      if (part.pricing === "free") return `Free, ${termText(part.termMonths)}`;
      const price = formatMoney(money(part.priceMinor, currency));
      return part.pricing === "per_1000_calls"
        ? `${price} for 1,000 calls`
        : `${price}, ${termText(part.termMonths)}`;
    }),
  );
}

/** One line for each type. Of several of one type each says what it was measured on. */
function limitLines(listings: readonly ListingView[], line: MakeLine): ComparisonLine[] {
  const stated = new Set(listings.flatMap((listing) => listing.limitations.map(({ type }) => type)));
  return [...stated].map((type) =>
    line("Limits", limitationTypes[type].label, ({ limitations }) => {
      const own = limitations.filter((limitation) => limitation.type === type);
      return own.map(limitText).join("\n") || "not stated";
    }),
  );
}

function limitText({ presence, severity, measures, figure }: ListedLimitation): string {
  if (presence === "absent") return "looked for, not found";
  const measured = figure ? `${figureText(figure)}.` : NOT_MEASURED;
  return `${severity}. ${measures ? `${measuresText(measures)}: ` : ""}${measured}`;
}

function slicesText({ envelope }: ListingView, verdict: "filled" | "fails"): string {
  const cells = envelope.filter((cell) => cell.verdict === verdict);
  if (cells.length === 0) return envelope.length === 0 ? "not evaluated" : "no slice";
  return cells
    .map(
      ({ name, baseRate, ...figure }) => `${name}: ${figureText(figure)}; base rate ${formatShare(baseRate)}`,
    )
    .join("\n");
}

function costText({ cost, currency }: ListingView): string {
  const figure = costFigure(cost, currency);
  return "reason" in figure ? `not known: ${figure.reason}` : `${figure.value} (${figure.range})`;
}

/** The comparison as CSV. A value that a spreadsheet would run as a formula is quoted as text. */
export function comparisonCsv(listings: readonly ListingView[]): string {
  const head = ["", "", ...listings.map((listing) => listing.title)];
  const rows = compareListings(listings).map((line) => [line.group, line.label, ...line.values]);
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The addresses to compare: of those asked for the first four, each once. */
export function comparedSlugs(asked: readonly string[]): string[] {
  return [...new Set(asked.filter((slug) => /^[a-z0-9-]{1,90}$/.test(slug)))].slice(0, MAX_COMPARED);
}
