import { partLabels, termText } from "@/lib/catalogue/part";
import type { ListingView, PartView } from "@/lib/catalogue/queries/find-listing";
import { rightLabels, rightNames } from "@/lib/catalogue/rights";
import { Digest } from "@/components/ui/digest";
import { Facts } from "@/components/ui/panel";
import { exactTime } from "@/components/ui/moment";
import { rightChoiceText } from "./price-panel";
import { sizeText } from "@/lib/shared/size-text";
import { priceText } from "./listing-table";

/** Each part with its price, term and files; the rights a licence grants; and the version all of it is about. */
export function PartsAndTerms({ listing }: { listing: ListingView }) {
  const { version } = listing;
  return (
    <div className="grid gap-6">
      <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
        <div>
          <h3 className="pb-2">For sale</h3>
          <ul className="divide-y divide-line">
            {listing.parts
              .filter((part) => part.isOffered)
              .map((part) => (
                <Part key={part.part} part={part} currency={listing.currency} />
              ))}
          </ul>
        </div>
        <div>
          <h3 className="pb-2">What a licence allows</h3>
          <Facts
            rows={[
              ...rightNames.map((right) => ({
                label: rightLabels[right],
                value: rightChoiceText[listing.rights[right]],
              })),
              { label: "Field of use", value: listing.fieldOfUse ?? "no limit stated" },
              { label: "Licence of the files", value: listing.licenceSpdx ?? "not stated" },
            ]}
          />
          <p className="pt-2 text-sm text-ink-3">What is not stated is not granted.</p>
        </div>
      </div>
      <div className="text-sm text-ink-2">
        Version {version.number}, listed{" "}
        <time dateTime={version.createdAt.toISOString()}>{exactTime(version.createdAt)}</time>
        {version.modelDigest && (
          <>
            . Its files are fixed by the digest <Digest hex={version.modelDigest} /> of{" "}
            <a href={`/api/v1/manifests/${version.modelDigest}`}>their manifest</a>
          </>
        )}
        {version.kind === "card_only" && ". No files are kept here; the seller hands them over"}.
      </div>
    </div>
  );
}

function Part({ part, currency }: { part: PartView; currency: string }) {
  return (
    <li className="py-2.5">
      <p className="flex justify-between gap-4">
        <span>{partLabels[part.part]}</span>
        <span className="tabular-nums">{priceText(part, currency)}</span>
      </p>
      <p className="text-sm text-ink-3">
        {part.pricing === "per_1000_calls" ? "for 1,000 calls" : termText(part.termMonths)}
      </p>
      {part.files.length > 0 && (
        <details>
          <summary className="min-h-6 text-sm text-ink-2">
            {part.files.length} {part.files.length === 1 ? "file" : "files"}
          </summary>
          <ul className="grid gap-1 pt-1 text-sm">
            {part.files.map((file) => (
              <li key={file.path} className="[overflow-wrap:anywhere]">
                <code className="font-mono text-xs">{file.path}</code> · {sizeText(file.sizeBytes)} ·{" "}
                <Digest hex={file.sha256} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
