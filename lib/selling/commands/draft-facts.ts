import "server-only";
import { namesByHandle } from "@/lib/accounts/queries/names";
import { shardsOfStoredFiles } from "@/lib/catalogue/queries/stored-files";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import { demoSellerOrigin } from "@/lib/platform/egress";
import type { Tx, db } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import type { ListingDraft } from "@/prisma/generated/client";
import { plainHandle } from "../draft";
import type { DraftFacts } from "../draft-check";

/** Reads what publishing a draft depends on. The caller has made sure whose draft it is. */
export async function draftFacts(tx: Tx | typeof db, draft: ListingDraft): Promise<DraftFacts> {
  const factsOf = await factsOfDrafts(tx, [draft]);
  return factsOf(draft);
}

/** The same for each of these drafts, with as many statements as for one. */
export async function factsOfDrafts(
  tx: Tx | typeof db,
  drafts: readonly ListingDraft[],
): Promise<(draft: ListingDraft) => DraftFacts> {
  const fields = new Map(drafts.map((draft) => [draft.id, readDraftFields(draft.fields)]));
  const typed = [...fields.values()].flatMap(({ contributors }) => contributors.map(({ handle }) => handle));
  const contributors = await namesByHandle(typed.map(plainHandle).filter(Boolean), tx);
  const contributorIds = new Map([...contributors].map(([handle, { id }]) => [handle, id]));
  const files = await tx.draftFile.findMany({
    where: { draftId: { in: [...fields.keys()] } },
    orderBy: { path: "asc" },
  });
  const shards = await shardsOfStoredFiles(
    files.map(({ storedFileId }) => storedFileId),
    tx,
  );
  const { currency } = await readInstallation(tx);
  return ({ id, card, ...draft }) => ({
    fields: fields.get(id) ?? readDraftFields(draft.fields),
    card,
    currency,
    files: files
      .filter(({ draftId }) => draftId === id)
      .map(({ storedFileId, path, part }) => {
        return { storedFileId, path, part, shards: shards.get(storedFileId) ?? [] };
      }),
    contributorIds,
    demoOrigin: demoSellerOrigin(),
  });
}
