import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { findOpenListing } from "@/lib/catalogue/queries/listings";
import { type EnvelopeCell, envelopeCellSchema } from "@/lib/catalogue/standing";
import { classesOf } from "@/lib/inference/run-contract";
import { inputColumns } from "@/lib/measurement/row-inputs";
import { findModelOfVersion } from "../commands/find-model";

export type ListingToEvaluate = {
  title: string;
  /** The reader sells it or shares in a listing of its seller’s. */
  isLinked: boolean;
  /** What rows have to hold so that the files can be run on them again; or why they cannot be, in a sentence. */
  runnable: { columns: string[]; classes: readonly string[] } | { reason: string };
  /** Slices judged so far, and the columns that rows need so that they are judged on them too. */
  slices: (Pick<EnvelopeCell, "slice" | "name"> & { columns: string[] })[];
};

/** An open listing for an evaluator; null for everybody else, and for every other listing. */
export async function findListingToEvaluate(actor: Actor, slug: string): Promise<ListingToEvaluate | null> {
  if (!hasRole(actor, "evaluator")) return null;
  const listing = await findOpenListing(slug);
  if (!listing) return null;
  const isLinked = listing.beneficiaryIds.includes(actor.accountId);
  const cells = envelopeCellSchema.array().catch([]).parse(listing.envelope);
  const model = await findModelOfVersion(listing.versionId);
  return {
    title: listing.title,
    isLinked,
    runnable:
      "reason" in model
        ? model
        : { columns: inputColumns(model.contract.input), classes: classesOf(model.contract) },
    slices: cells.map(({ slice, name, condition }) => ({
      slice,
      name,
      columns: condition.all.flatMap((test) => (test.on === "answer" ? [] : test.column)),
    })),
  };
}
