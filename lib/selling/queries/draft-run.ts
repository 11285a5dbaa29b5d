import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { askedInput } from "@/lib/inference/asked-input";
import { type ContractFact, contractFacts } from "@/lib/inference/contract-facts";
import { editableFields } from "@/lib/inference/edit-contract";
import type { EditableField } from "@/lib/inference/typed-contract";
import { db } from "@/lib/platform/db";
import { endpointOf, runOfDraft, weightsOf } from "../commands/draft-bundle";
import { type DryRun, drySamples, isStale } from "../dry-run";

export type DraftRunView = {
  /** What would be run; null while there is nothing yet. */
  source: "files" | "endpoint" | null;
  /** How it is run; null until its files were looked into. */
  contract: {
    facts: ContractFact[];
    fields: EditableField[];
    sha256: string | null;
    /** Null where pictures or sounds are asked for. */
    samples: { hint: string; rows: string } | null;
    accept: "image/png,image/jpeg" | "audio/wav,.wav" | null;
  } | null;
  dryRun: { ran: DryRun["ran"]; isStale: boolean } | null;
  isConfirmed: boolean;
};

/** How an open draft of the actor's own is run. */
export async function findDraftRun(actor: Actor, draftId: string): Promise<DraftRunView> {
  const draft = await db.listingDraft.findFirstOrThrow({
    where: { id: draftId, ownerId: actor.accountId, closedAt: null },
    include: { files: { orderBy: { path: "asc" } } },
  });
  const weights = await weightsOf(draft.files);
  const { contract, dryRun, now, isConfirmed } = runOfDraft(draft, weights);
  const asked = contract && askedInput(contract);
  return {
    source: weights.length > 0 ? "files" : endpointOf(draft) === null ? null : "endpoint",
    contract: contract &&
      asked && {
        facts: contractFacts(contract),
        fields: editableFields(contract),
        sha256: now?.contractSha256 ?? null,
        samples: drySamples(asked),
        accept:
          asked.kind === "image" ? "image/png,image/jpeg" : asked.kind === "audio" ? "audio/wav,.wav" : null,
      },
    dryRun: dryRun && { ran: dryRun.ran, isStale: now === null || isStale(dryRun, now) },
    isConfirmed,
  };
}
