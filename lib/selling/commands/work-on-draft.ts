import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import type { ActionOutcome } from "@/lib/accounts/session/user-action";
import { CARD_MAX_CHARACTERS } from "@/lib/catalogue/draft-fields";
import type { DraftForm } from "../draft-form";
import { type SavedDraft, copyDraft, overwriteDraft, saveDraft, startDraft } from "./edit-draft";
import { DomainError } from "@/lib/shared/domain-error";
import { importCardIntoDraft } from "./import-card";
import { publishDraft } from "./publish-draft";

/** Starts a draft with nothing in it. */
export async function startEmptyDraft(actor: Actor): Promise<{ draftId: string }> {
  await requireVerified(actor);
  return startDraft(actor);
}

/**
 * The one form of a draft's page. Whatever it was sent for, what was typed is saved first, so that a refused step
 * loses nothing.
 */
export async function workOnDraft(actor: Actor, form: DraftForm): Promise<ActionOutcome> {
  const cardText = (await textOfFile(form.cardFile)) ?? form.cardText;
  const input = { ...form, cardText };
  if (form.intent === "copy") {
    const { draftId } = await copyDraft(actor, input);
    return { redirectTo: `/sell/${draftId}` };
  }
  const saved = await (form.intent === "overwrite" ? overwriteDraft(actor, input) : saveDraft(actor, input));
  switch (form.intent) {
    case "import":
      return answer(
        await importCardIntoDraft(actor, { draftId: form.draftId, card: cardText ?? "" }),
        "Card read.",
      );
    case "publish": {
      const { slug, isRevision } = await publishDraft(actor, { draftId: form.draftId });
      return { redirectTo: `/sell?${isRevision ? "revised" : "published"}=${slug}` };
    }
    case "preview":
      return { redirectTo: `/sell/${form.draftId}/preview` };
    default:
      return answer(saved, "Saved.");
  }
}

function answer({ revision, fillings }: SavedDraft, message: string): ActionOutcome {
  return { message, values: { revision: String(revision), fillings: String(fillings) } };
}

async function textOfFile(file: Blob | undefined): Promise<string | null> {
  if (!file || file.size === 0) return null;
  // A character takes up to four bytes.
  if (file.size > 4 * CARD_MAX_CHARACTERS) {
    throw new DomainError("card_too_long", "This file is too long for a model card.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new DomainError("card_not_text", "This file is not text. Choose the model's README.md.");
  }
}
