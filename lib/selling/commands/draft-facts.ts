import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import type { ListingDraft } from "@/prisma/generated/client";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import type { DraftFacts } from "../draft-check";

/** Reads what publishing a draft depends on. The caller has made sure whose draft it is. */
export async function draftFacts(tx: Tx | typeof db, draft: ListingDraft): Promise<DraftFacts> {
  const fields = readDraftFields(draft.fields);
  const handles = fields.contributors.map(({ handle }) => handle.trim().replace(/^@/, "").toLowerCase());
  const accounts = await tx.account.findMany({
    where: { handle: { in: handles.filter(Boolean) } },
    select: { id: true, handle: true },
  });
  const files = await tx.draftFile.findMany({ where: { draftId: draft.id }, orderBy: { path: "asc" } });
  const { currency } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  return {
    fields,
    card: draft.card,
    currency,
    files: files.map(({ storedFileId, path, part }) => ({ storedFileId, path, part })),
    contributorIds: new Map(accounts.map(({ handle, id }) => [handle, id])),
  };
}
