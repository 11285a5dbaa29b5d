import "server-only";
import { findRunContract } from "@/lib/catalogue/queries/run-contracts";
import { type ContractFact, contractFacts } from "../contract-facts";
import { contractDigest, runContractSchema } from "../run-contract";
import { type DeliveredName, deliveredWith } from "../snippets";

export type ShownContract = { sha256: string; facts: ContractFact[]; delivered: DeliveredName[] };

/** How a version is run, in words; null where it is not run here. */
export async function findShownContract(versionId: string): Promise<ShownContract | null> {
  const contract = runContractSchema.safeParse(await findRunContract(versionId)).data;
  if (!contract) return null;
  return {
    sha256: contractDigest(contract),
    facts: contractFacts(contract),
    delivered: deliveredWith(contract),
  };
}
