import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { Tx } from "@/lib/platform/db";
import { type DraftFields, readDraftFields } from "@/lib/catalogue/draft-fields";
import { fillMeasured, refillMeasured } from "../draft";
import { type NotMapped } from "@/lib/shared/cursor";
import { fillFields } from "../draft-filling";
import type { Limitation } from "@/lib/catalogue/limitation";
import { type SavedDraft, boundedCard, lockOwnDraft, raiseDraft } from "./edit-draft";

/** Fills empty fields from a card and lists what no field could take; what the seller wrote is never replaced. */
export async function fillDraftFromCard(
  tx: Tx,
  actor: Actor,
  draftId: string,
  found: { card: string; fields: Partial<DraftFields>; notMapped: NotMapped[]; limits: string | null },
): Promise<SavedDraft> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  const { fields, left } = fillFields(readDraftFields(draft.fields), found.fields);
  const revision = await raiseDraft(tx, draft, {
    fields,
    card: found.card,
    cardLimits: found.limits ?? "",
    notMapped: [...left, ...found.notMapped],
  });
  return { draftId, revision, fillings: fields.fillings };
}

export type FilledDraft = SavedDraft & {
  filled: string[];
  left: NotMapped[];
};

/**
 * The same from a file that stays beside the draft. Its card is taken where the draft has none; what it says of fields
 * that hold something else is answered and not written.
 */
export async function fillDraftFromFile(
  tx: Tx,
  actor: Actor,
  draftId: string,
  found: { card: string | null; cardLimits: string | null; fields: Partial<DraftFields> },
): Promise<FilledDraft> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  const { fields, filled, left } = fillFields(readDraftFields(draft.fields), found.fields);
  const card = found.card === null ? draft.card : boundedCard(found.card);
  const isTaken = draft.card.trim() !== "" && card.trim() !== draft.card.trim();
  if (isTaken) {
    const reason = "The draft has a card already, and it stays; paste this one over it to replace it.";
    left.push({ path: "Model card", value: card.slice(0, 200), reason });
  } else if (card !== draft.card) filled.push("Model card");
  const { fillings } = fields;
  if (filled.length === 0) return { draftId, revision: draft.revision, fillings: fillings - 1, filled, left };
  const revision = await raiseDraft(tx, draft, {
    fields,
    ...(isTaken || card === draft.card ? {} : { card, cardLimits: found.cardLimits ?? "" }),
  });
  return { draftId, revision, fillings, filled, left };
}

/** Writes limitations measured by an evaluation into the draft, marked as such. For evidence, in its transaction. */
export async function writeMeasuredLimitations(
  tx: Tx,
  actor: Actor,
  draftId: string,
  measured: readonly Limitation[],
): Promise<void> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  await raiseDraft(tx, draft, { fields: fillMeasured(readDraftFields(draft.fields), measured) });
}

/** The same where an evaluation was taken away: what only that one had shown is no longer in the draft. */
export async function remeasureDraft(
  tx: Tx,
  actor: Actor,
  draftId: string,
  measured: readonly Limitation[],
): Promise<void> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  await raiseDraft(tx, draft, { fields: refillMeasured(readDraftFields(draft.fields), measured) });
}
