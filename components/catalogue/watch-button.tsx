import { ButtonForm } from "@/components/forms/action-form";
import { ButtonLink } from "@/components/ui/button";
import { unwatchListing, watchListing } from "@/lib/catalogue/actions";

type Props = { listingId: string; slug: string; isWatched: boolean; isSignedIn: boolean };

/** Puts a listing on the reader's watch list or takes it off. Works without JavaScript. */
export function WatchButton({ listingId, slug, isWatched, isSignedIn }: Props) {
  if (!isSignedIn)
    return (
      <ButtonLink href={`/sign-in?next=${encodeURIComponent(`/listings/${slug}`)}`} rel="nofollow">
        Watch
      </ButtonLink>
    );
  return (
    <ButtonForm
      action={isWatched ? unwatchListing : watchListing}
      fields={{ listingId }}
      className="grid justify-items-end gap-2"
      variant="secondary"
    >
      {isWatched ? "Stop watching" : "Watch"}
    </ButtonForm>
  );
}
