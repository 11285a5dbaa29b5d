import { parse as parseLanguage } from "bcp-47";
import { z } from "zod";
import { MAX_INT32, isStorableDate } from "@/lib/shared/column-bounds";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { LINK_REFUSED, isSafeLink } from "@/lib/shared/safe-link";
import { CARD_MAX_CHARACTERS } from "./draft-fields";
import { checkEndpointUrl } from "./endpoint-url";
import { type Limitation, canShow, limitationSchema, limitationTypes } from "./limitation";
import { limitKey } from "./limitation-link";
import { DESCRIPTION_MAX_CHARACTERS } from "./marked-text";
import { isSafePath } from "./model-manifest";
import { declaredLevels, domainNames, taskNames } from "./niche";
import { allowsPricing, type PartName, partLabels, partNames, pricingNames } from "./part";
import { rightsSchema } from "./rights";

/** A BCP-47 tag such as "en", "sw" or "zh-Hant"; "mul" for many languages, "zxx" for none. */
export const languageSchema = z
  .string()
  .trim()
  .max(35)
  .refine((tag) => parseLanguage(tag).language != null, "Write a language tag such as en or zh-Hant.");

export const nicheSchema = z.object({
  task: z.enum(taskNames),
  domain: z.enum(domainNames),
  languages: z.array(languageSchema).min(1, "Name a language, or zxx for none.").max(40),
  /** The share of right answers the seller declares for the niche. */
  declaredLevel: z.enum(declaredLevels),
});

/** The highest price that still is a safe JSON number. */
const MAX_PRICE_MINOR = 1_000_000_000_000n;

export const listingPartSchema = z.object({
  part: z.enum(partNames),
  pricing: z.enum(pricingNames),
  priceMinor: z.bigint().min(0n).max(MAX_PRICE_MINOR),
  /** Null for a perpetual licence. */
  termMonths: z.int().min(1).max(1200).nullable().default(null),
  isOffered: z.boolean().default(true),
});

/** A name of one line, as it is seen. */
const name = (max: number) => z.string().trim().min(1).max(max).refine(isPlainName, UNSEEN_REFUSED);

export const dataOriginSchema = z.object({
  name: name(200),
  source: z.string().trim().max(500).default(""),
  licence: z.string().trim().max(200).refine(isPlainName, UNSEEN_REFUSED).nullable().default(null),
  url: z.string().refine(isSafeLink, LINK_REFUSED).nullable().default(null),
  use: z.enum(["training", "evaluation"]),
  rowCount: z.int().nonnegative().max(MAX_INT32).nullable().default(null),
});

export const contributorSchema = z.object({
  accountId: z.string().nullable().default(null),
  name: name(120),
  contribution: z.string().trim().max(300).default(""),
  shareBasisPoints: z.int().min(0).max(10_000),
  status: z.enum(["unconfirmed", "confirmed", "rejected"]).default("unconfirmed"),
});

export const originators = ["seller", "contributor", "platform", "evaluator", "buyer", "moderator"] as const;
export type Originator = (typeof originators)[number];

export const timelineEventSchema = z.object({
  /** For example data_collected, trained, forked, evaluated, deployed, complained, sold, disputed. */
  kind: z.string().regex(/^[a-z_]{1,40}$/),
  fromDate: z.date().refine(isStorableDate),
  toDate: z.date().refine(isStorableDate).nullable().default(null),
  text: z.string().trim().min(1).max(600),
  /** Who says so. */
  originator: z.enum(originators),
  isAdverse: z.boolean().default(false),
  /** For example an evaluation's id. */
  subjectId: z.string().nullable().default(null),
});
export type TimelineEventInput = z.input<typeof timelineEventSchema>;

const versionFileSchema = z.object({
  storedFileId: z.string(),
  part: z.enum(partNames).default("weights"),
  path: z.string().refine(isSafePath, "This is not a usable file name."),
});

/** What is listed: files kept here, the seller's endpoint, or a card alone. */
export const artifactSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("files"), files: z.array(versionFileSchema).min(1).max(2000) }),
  z.object({
    kind: z.literal("endpoint"),
    endpointUrl: z.string(),
  }),
  z.object({ kind: z.literal("card_only") }),
]);

/** Everything `publishListing` and `reviseListing` need. What is left out reads "not stated". */
export const listingSchema = z.object({
  title: z.string().trim().min(3, "Give the listing a title.").max(90).refine(isPlainName, UNSEEN_REFUSED),
  /** One or two sentences under the title. */
  summary: z.string().trim().max(400).default(""),
  description: z.string().max(DESCRIPTION_MAX_CHARACTERS).default(""),
  /** The model card, Markdown. */
  card: z.string().max(CARD_MAX_CHARACTERS).default(""),
  contact: z.string().trim().min(3, "Say how buyers reach you.").max(200),
  /** Null for a listing without a niche, which sells parts other than the model itself. */
  niche: nicheSchema.nullable(),
  licenceSpdx: z.string().trim().max(120).refine(isPlainName, UNSEEN_REFUSED).nullable().default(null),
  rights: rightsSchema.default(rightsSchema.parse({})),
  baseModels: z.array(name(200)).max(20).default([]),
  artifact: artifactSchema,
  /** How the files are run, as lib/inference has it, with the SHA-256 of its JCS; null where they are not run here. */
  run: z
    .object({ contract: z.json(), sha256: z.string().length(64) })
    .nullable()
    .default(null),
  parts: z.array(listingPartSchema).min(1, "Offer at least one part.").max(partNames.length),
  limitations: z.array(limitationSchema).max(60).default([]),
  dataOrigins: z.array(dataOriginSchema).max(60).default([]),
  contributors: z.array(contributorSchema).max(60).default([]),
  events: z.array(timelineEventSchema).max(200).default([]),
});

export type ListingInput = z.input<typeof listingSchema>;
export type ListingTerms = z.output<typeof listingSchema>;

/** Parts that stand for the whole model and therefore need a niche. */
export const partsOfANiche: readonly PartName[] = ["weights", "hosted_access"];

/**
 * Reads a listing and holds it against the rules of the catalogue. Throws DomainError `listing_invalid` with the
 * first thing that is wrong for each field:
 * at least one offered part; each part once, each limitation once for what it is measured by; per-call prices only for hosted access; "free" costs
 * nothing and everything else something; contributors' shares add up to 10,000 basis points; a listing without a
 * niche sells neither the weights nor hosted access; a span of time ends after it began; an endpoint is one that may be
 * called (`checkEndpointUrl`).
 */
export function checkListing(input: ListingInput, demoOrigin: string | null = null): ListingTerms {
  const parsed = listingSchema.safeParse(input);
  if (!parsed.success) throw listingInvalid(parsed.error.issues.map((i) => [pathName(i.path), i.message]));
  const listing = parsed.data;
  const wrong = [...wrongParts(listing), ...wrongClaims(listing), ...wrongEndpoint(listing, demoOrigin)];
  if (wrong.length > 0) throw listingInvalid(wrong);
  return listing;
}

type Wrong = [field: string, message: string];

function wrongEndpoint({ artifact }: ListingTerms, demoOrigin: string | null): Wrong[] {
  const refusal = artifact.kind === "endpoint" ? checkEndpointUrl(artifact.endpointUrl, demoOrigin) : null;
  return refusal === null ? [] : [["artifact", refusal]];
}

function wrongParts({ parts, niche }: ListingTerms): Wrong[] {
  const wrong: Wrong[] = [];
  if (!parts.some((part) => part.isOffered)) wrong.push(["parts", "Offer at least one part."]);
  if (hasDoubles(parts.map((part) => part.part))) wrong.push(["parts", "Each part can be offered once."]);
  for (const { part, pricing, priceMinor, isOffered } of parts) {
    const label = partLabels[part];
    if (!allowsPricing(part, pricing))
      wrong.push(["parts", `${label}: only hosted access can be priced by the call.`]);
    if (pricing === "free" && priceMinor !== 0n)
      wrong.push(["parts", `${label}: what is free costs nothing.`]);
    if (pricing !== "free" && priceMinor === 0n)
      wrong.push(["parts", `${label}: name a price, or offer it free.`]);
    if (isOffered && !niche && partsOfANiche.includes(part))
      wrong.push([
        "niche",
        `${label} need a niche: a task, a domain and a level that is shown to be reached. Without one, sell other parts, such as its training data or evaluation records.`,
      ]);
  }
  return wrong;
}

function wrongClaims({ limitations, contributors, events, artifact }: ListingTerms): Wrong[] {
  const wrong: Wrong[] = [];
  wrong.push(...wrongLimitations(limitations).map((message): Wrong => ["limitations", message]));
  if (contributors.length > 0 && sumOf(contributors.map((share) => share.shareBasisPoints)) !== 10_000)
    wrong.push(["contributors", "Shares must add up to 100 %."]);
  if (events.some(({ fromDate, toDate }) => toDate && toDate < fromDate))
    wrong.push(["events", "A span of time ends after it began."]);
  if (artifact.kind === "files" && hasDoubles(artifact.files.map((file) => file.path)))
    wrong.push(["artifact", "Two files have the same name."]);
  return wrong;
}

/** Each limitation once; one that was looked for and is absent is measured nowhere and stated nowhere else. */
function wrongLimitations(limitations: readonly Limitation[]): string[] {
  const absent = limitations.filter(({ presence }) => presence === "absent");
  const contradicted = absent.find(({ type }) => limitations.filter((one) => one.type === type).length > 1);
  return [
    ...(hasDoubles(limitations.map(limitKey)) ? ["State each limitation once."] : []),
    ...(contradicted
      ? [`“${limitationTypes[contradicted.type].label}” is stated as absent and as present.`]
      : []),
    ...(limitations.some(
      ({ type, presence, measures }) => measures && (presence === "absent" || !canShow(type, measures)),
    )
      ? ["A limitation is linked to a figure that does not measure it."]
      : []),
  ];
}

function listingInvalid(wrong: Wrong[]): DomainError {
  const fields: Record<string, string> = {};
  for (const [field, message] of wrong) fields[field] ??= message;
  return new DomainError("listing_invalid", wrong[0]?.[1] ?? "The listing is incomplete.", fields);
}

function pathName(path: PropertyKey[]): string {
  return String(path[0] ?? "listing");
}

function hasDoubles(values: readonly string[]): boolean {
  return new Set(values).size !== values.length;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** "Short-mail spam caller" → "short-mail-spam-caller"; "listing" when nothing Latin is left. */
export function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 70)
    .replace(/-+$/, "");
  return slug === "" ? "listing" : slug;
}

/** The first of slug, slug-2, slug-3 … that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let number = 2; ; number++) if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`;
}

export type ListingStatusName = "draft" | "open" | "paused" | "retired";

/** Who may do what to a listing's status; moderation is apart and stronger. */
const statusMoves = {
  pause: { from: ["open"], to: "paused" },
  reopen: { from: ["paused"], to: "open" },
  retire: { from: ["open", "paused"], to: "retired" },
} as const satisfies Record<string, { from: readonly ListingStatusName[]; to: ListingStatusName }>;

export type StatusMove = keyof typeof statusMoves;

/** The status after a move; throws `listing_status` when the move does not start there. */
export function moveStatus(status: ListingStatusName, move: StatusMove): ListingStatusName {
  const { from, to } = statusMoves[move];
  refuseUnless(
    (from as readonly string[]).includes(status),
    "listing_status",
    `A listing that is ${status} cannot be ${to === "open" ? "reopened" : to}.`,
  );
  return to;
}

type PricedPart = { part: PartName; pricing: string; priceMinor: bigint; isOffered: boolean };

/** The part a row and the search show the price of: the first offered one in the order of `partNames`, hosted access second. */
export function leadingPart<P extends PricedPart>(parts: readonly P[]): P | null {
  const order: readonly PartName[] = ["weights", "hosted_access", "adapter", ...partNames];
  const offered = parts.filter((part) => part.isOffered);
  return offered.sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part))[0] ?? null;
}
