import { decimalString, fractionDigits } from "@/lib/shared/money";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { limitationSchema } from "@/lib/catalogue/limitation";
import { limitKey } from "@/lib/catalogue/limitation-link";
import type { ListingView, PartView } from "@/lib/catalogue/queries/find-listing";
import type { RightChoice, RightName } from "@/lib/catalogue/rights";

type Shared =
  | ("title" | "summary" | "description" | "contact" | "task" | "domain" | "languages")
  | ("licenceSpdx" | "fieldOfUse" | "baseModels" | "currency" | "dataOrigins");

/** What a published listing says, as far as a draft writes it. */
export type ListedFacts = Record<RightName, RightChoice> &
  Pick<ListingView, Shared> & {
    endpointUrl: string | null;
    declaredLevel: { toFixed(digits: number): string } | null;
    parts: Omit<PartView, "files">[];
    limitations: { type: string; presence: string; severity: string; condition: string; measures: unknown }[];
    contributors: {
      accountId: string | null;
      name: string;
      contribution: string;
      shareBasisPoints: number;
    }[];
  };

/** A listing as the fields of a draft, so that publishing it unchanged says the same again. */
export function fieldsOfListing(
  listing: ListedFacts,
  handles: ReadonlyMap<string, string>,
): Record<string, unknown> & Partial<Record<keyof DraftFields, unknown>> {
  const digits = fractionDigits(listing.currency);
  const { useCommercially, modify, redistribute, sublicense } = listing;
  const limitations = listing.limitations.map((limitation) => limitationSchema.parse(limitation));
  return {
    title: listing.title,
    summary: listing.summary,
    description: listing.description,
    contact: listing.contact,
    endpointUrl: listing.endpointUrl ?? "",
    scope: listing.task === null ? "parts" : "niche",
    task: listing.task ?? "",
    domain: listing.domain ?? "",
    languages: listing.languages.join(", "),
    declaredLevel: listing.declaredLevel?.toFixed(2) ?? "",
    licenceSpdx: listing.licenceSpdx ?? "",
    fieldOfUse: listing.fieldOfUse ?? "",
    baseModels: listing.baseModels.join("\n"),
    rights: { useCommercially, modify, redistribute, sublicense },
    parts: Object.fromEntries(
      listing.parts
        .filter(({ isOffered }) => isOffered)
        .map(({ part, pricing, priceMinor, termMonths }) => [
          part,
          {
            pricing,
            price: pricing === "free" ? "" : decimalString(priceMinor, digits),
            termMonths: termMonths === null ? "" : String(termMonths),
          },
        ]),
    ),
    limitations: Object.fromEntries(
      limitations
        .filter(({ measures }) => !measures)
        .map(({ type, presence, severity, condition }) => [type, { presence, severity, condition }]),
    ),
    measured: Object.fromEntries(
      limitations
        .filter(({ measures }) => measures)
        .map(({ type, presence, severity, condition, measures }) => [
          limitKey({ type, measures }),
          { presence, severity, condition, shown: { type, measures } },
        ]),
    ),
    dataOrigins: listing.dataOrigins.map(({ name, source, licence, url, use, rowCount }) => ({
      name,
      source,
      licence: licence ?? "",
      url: url ?? "",
      use,
      rowCount: rowCount === null ? "" : String(rowCount),
    })),
    contributors: listing.contributors.map(({ accountId, name, contribution, shareBasisPoints }) => ({
      name,
      handle: (accountId && handles.get(accountId)) ?? "",
      contribution,
      sharePercent: decimalString(BigInt(shareBasisPoints), 2).replace(/\.00$|(?<=\.\d)0$/, ""),
    })),
  };
}
