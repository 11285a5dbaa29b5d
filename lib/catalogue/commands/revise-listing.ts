import "server-only";
import { demoSellerOrigin } from "@/lib/platform/egress";
import type { Actor } from "@/lib/accounts/actor";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { checkListing, type ListingInput } from "../listing";
import { lockOwnListing } from "../records";
import { listingColumns, type PublishInput, type Published, writeDetails } from "./publish-listing";
import { reindexListing } from "./reindex-listing";
import { requireRoomForChange } from "./room-for-change";
import { standingColumns } from "./set-standing";
import { readArtifact, storeVersion } from "./store-version";

/**
 * Changes a listing of the actor's own. A new version is made, with the next number, when its files, its endpoint or
 * its card changed; the old one stays as it was. The standing falls back to "stated, not shown" when the files or the
 * endpoint changed, because evidence belongs to a digest and not to a name. Earlier timeline events stay.
 *
 * Throws `not_found` for a stranger, `listing_status` when it is retired or taken down, and what `publishListing` throws but its
 * limit, in whose place stand 30 changes a day and 500 versions.
 */
export async function reviseListing(
  tx: Tx,
  actor: Actor,
  listingId: string,
  { words = null, ...input }: ListingInput & Pick<PublishInput, "words">,
): Promise<Published> {
  const listing = await lockOwnListing(tx, actor, listingId);
  refuseUnless(
    listing.status !== "retired" && !listing.takenDownAt,
    "listing_status",
    "A listing that is retired or taken down cannot be revised.",
  );
  const terms = checkListing(input, demoSellerOrigin());
  const now = await currentTime(tx);
  await requireRoomForChange(tx, listingId, now);
  const current = await tx.modelVersion.findUniqueOrThrow({ where: { id: listing.versionId } });
  const facts = await readArtifact(tx, actor.accountId, terms);
  const isSameArtifact =
    facts.kind === current.kind &&
    facts.modelDigest === current.modelDigest &&
    facts.endpointUrl === current.endpointUrl &&
    (facts.run?.sha256 ?? null) === current.runContractSha256;
  const isSameVersion = isSameArtifact && terms.card === current.card;
  const number = await nextVersionNumber(tx, listing.modelId);
  if (!isSameVersion) {
    const most = limits.versionsOfModel;
    requireRoom(
      number - 1,
      most,
      `This model has ${most} versions. List the next one as a model of its own.`,
    );
  }
  const versionId = isSameVersion
    ? listing.versionId
    : await storeVersion(tx, listing.modelId, number, facts, terms.card, now);
  await tx.listing.update({
    where: { id: listingId },
    data: {
      ...listingColumns(terms, words),
      ...(isSameArtifact ? {} : withoutEvidence),
      versionId,
      updatedAt: now,
    },
  });
  await writeDetails(tx, listingId, terms);
  await tx.timelineEvent.createMany({
    data: [
      ...terms.events.map((event) => ({ ...event, listingId, createdAt: now })),
      {
        listingId,
        kind: "revised",
        fromDate: now,
        text: isSameVersion ? "Terms revised" : `Revised as version ${number}`,
        originator: "platform",
        createdAt: now,
      },
    ],
  });
  await reindexListing(tx, listingId);
  return { listingId, slug: listing.slug, versionId };
}

const withoutEvidence = standingColumns({
  ...{ evidenceGrade: "claimed", evidenceAt: null, envelope: [], evaluatedRows: 0 },
  judgedLevel: null,
  cost: { state: "unknown", reason: "no_evidence" },
});

/** The model's versions are only written under its listing's lock, so the number cannot be taken twice. */
async function nextVersionNumber(tx: Tx, modelId: string): Promise<number> {
  const { _max } = await tx.modelVersion.aggregate({ where: { modelId }, _max: { number: true } });
  return (_max.number ?? 0) + 1;
}
