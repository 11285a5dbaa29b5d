import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { LimitationType } from "@/lib/catalogue/limitation";
import type { ListingInput } from "@/lib/catalogue/listing";

/** The limitations that a draft states, those that its rows show, and the one that every endpoint has. */
export function draftedLimitations({
  limitations,
  measured,
  endpointUrl,
}: DraftFields): NonNullable<ListingInput["limitations"]> {
  const declared = Object.entries(limitations).flatMap(([type, limitation]) =>
    !limitation || limitation.presence === ""
      ? []
      : [{ ...limitation, type: type as LimitationType, presence: limitation.presence }],
  );
  const shown = Object.values(measured).flatMap(({ presence, severity, condition, shown }) =>
    presence === "" || !shown ? [] : [{ ...shown, presence, severity, condition }],
  );
  const stated = [...declared, ...shown];
  if (endpointUrl.trim() === "" || limitations.endpoint_may_change?.presence) return stated;
  // The platform knows this one by itself: nobody can fix what runs at the seller.
  return [...stated, { type: "endpoint_may_change", presence: "present" }];
}
