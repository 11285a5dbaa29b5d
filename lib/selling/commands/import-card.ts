import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type SavedDraft, boundedCard } from "./edit-draft";
import { fillDraftFromCard } from "./fill-draft";
import { inTransaction } from "@/lib/platform/db";
import { readApart } from "@/lib/platform/reading";
import { refuseUnless } from "@/lib/shared/domain-error";

/**
 * Reads a Hugging Face model card into a draft of the actor's own: empty fields are filled, written ones stay, the
 * card is kept whole, and what has no field is listed.
 */
export async function importCardIntoDraft(
  actor: Actor,
  { draftId, card }: { draftId: string; card: string },
): Promise<SavedDraft> {
  refuseUnless(card.trim() !== "", "card_empty", "Paste a model card first, or drop its README.md.");
  const text = boundedCard(card);
  const found = await readApart("card", text, { accountId: actor.accountId, called: "The card" });
  return inTransaction(async (tx) => fillDraftFromCard(tx, actor, draftId, { card: text, ...found }));
}
