import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { LimitationType } from "@/lib/catalogue/limitation";
import type { ListingInput } from "@/lib/catalogue/listing";

/** The limitations that a draft states, and the one that every endpoint has. */
export function draftedLimitations(fields: DraftFields): NonNullable<ListingInput["limitations"]> {
  const stated = Object.entries(fields.limitations).flatMap(([type, limitation]) =>
    !limitation || limitation.presence === ""
      ? []
      : [
          {
            ...limitation,
            type: type as LimitationType,
            presence: limitation.presence,
            source: limitation.effect ? ("measured" as const) : ("declared" as const),
          },
        ],
  );
  if (fields.endpointUrl.trim() === "" || fields.limitations.endpoint_may_change?.presence) return stated;
  // The platform knows this one by itself: nobody can fix what runs at the seller.
  return [...stated, { type: "endpoint_may_change", presence: "present" }];
}
