import "server-only";
import { accountsWithHeldKeys } from "@/lib/accounts/queries/signing-keys";
import { listBeneficiaries } from "@/lib/catalogue/queries/listings";
import type { Tx, db } from "@/lib/platform/db";
import type { ModelTies } from "../independence";

/** Who is bound up with the model of a listing, asked of these evaluators too. Two queries for any number. */
export async function findModelTies(
  tx: Tx | typeof db,
  listing: { sellerId: string; isDemo: boolean },
  evaluatorIds: readonly string[],
): Promise<ModelTies> {
  const beneficiaryIds = await listBeneficiaries(listing, tx);
  return {
    beneficiaryIds: new Set(beneficiaryIds),
    heldAccountIds: await accountsWithHeldKeys([...beneficiaryIds, ...evaluatorIds], tx),
    isTrainedHere: listing.isDemo,
  };
}
