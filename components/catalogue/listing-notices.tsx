import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { Notice } from "@/components/ui/notice";
import { controlClass } from "@/components/ui/field";
import { relateFiles } from "@/lib/catalogue/actions";
import { relationLabels, relationNames } from "@/lib/catalogue/file-relation";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import type { SameFile } from "@/lib/catalogue/queries/same-files";

/** What a reader must know before anything else: the listing's state, an endpoint that may change, files seen elsewhere. */
export function ListingNotices({ listing }: { listing: ListingView }) {
  const { state, isTakenDown, isOwn, version, sameFiles } = listing;
  return (
    <div className="grid gap-3 pb-5 empty:hidden">
      {isTakenDown && (
        <Notice tone="bad">
          A moderator took this listing down. Only its seller and moderators see this page.
          {isOwn && <DecisionLink />}
        </Notice>
      )}
      {state === "frozen" && (
        <Notice tone="warning">
          A moderator has frozen this listing. It cannot be licensed while a report is looked into.
          {isOwn && <DecisionLink />}
        </Notice>
      )}
      {state === "paused" && (
        <Notice>
          The seller has paused this listing. It cannot be licensed now; watch it to come back to it.
        </Notice>
      )}
      {state === "retired" && (
        <Notice>
          The seller has retired this listing. What was sold stays valid; nothing more is sold here.
        </Notice>
      )}
      {version.kind === "endpoint" && (
        <Notice tone="warning">
          This model runs at the seller and <a href="/glossary#endpoint_may_change">may change at any time</a>
          . No figure here is bound to files.
        </Notice>
      )}
      {sameFiles.map((same) => (
        <SameFileNotice key={same.listingId} same={same} listing={listing} />
      ))}
    </div>
  );
}

function DecisionLink() {
  return (
    <>
      {" "}
      <a href="/account#decisions">Read why, and appeal</a>.
    </>
  );
}

function SameFileNotice({ same, listing }: { same: SameFile; listing: ListingView }) {
  const own = same.statements.find((statement) => statement.isBySeller);
  const other = same.statements.find((statement) => !statement.isBySeller);
  const link = <a href={`/listings/${same.slug}`}>{same.title}</a>;
  if (same.isRelated && own)
    return (
      <Notice>
        Shares a file with {link}: {relationLabels[own.relation]}, say the sellers.
      </Notice>
    );
  return (
    <Notice tone="warning">
      <p>
        The very same file, {same.path}, is also offered by {link}. How the two are related is not settled.
        {own && ` The seller of this listing says: ${relationLabels[own.relation]}.`}
        {other && ` The seller of the other one says: ${relationLabels[other.relation]}.`}
      </p>
      {listing.isOwn && (
        <ActionForm
          action={relateFiles}
          fields={{ listingId: listing.id, otherListingId: same.listingId }}
          className="flex flex-wrap items-center gap-3 pt-2"
          aria-label="State the relation"
        >
          <select
            name="relation"
            aria-label={`How it is related to ${same.title}`}
            defaultValue={own?.relation}
            className={`${controlClass} sm:w-auto`}
          >
            {relationNames.map((name) => (
              <option key={name} value={name}>
                {relationLabels[name]}
              </option>
            ))}
          </select>
          <SubmitButton variant="secondary">State the relation</SubmitButton>
        </ActionForm>
      )}
    </Notice>
  );
}
