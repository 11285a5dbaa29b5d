import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { ListingDraft } from "@/prisma/generated/client";
import {
  CARD_MAX_CHARACTERS,
  type DraftFields,
  type NotMapped,
  emptyDraft,
  fillEmpty,
  fillLimitations,
  mergeTyped,
  notMappedSchema,
  readDraftFields,
  withoutMeasured,
} from "../draft";
import type { Limitation } from "../limitation";

const MAX_OPEN_DRAFTS = 100;

/** Locks an open draft of the actor's own; to everybody else, and once closed, it does not exist. */
export async function lockOwnDraft(tx: Tx, actor: Actor, draftId: string): Promise<ListingDraft> {
  await tx.$queryRaw`SELECT 1 FROM "ListingDraft" WHERE id = ${draftId} FOR UPDATE`;
  const draft = await tx.listingDraft.findUnique({ where: { id: draftId } });
  if (!draft || draft.ownerId !== actor.accountId || draft.closedAt) throw notFoundError("draft");
  return draft;
}

/** Makes an empty draft; refuses more open ones than anybody can keep an eye on. */
export async function startDraft(actor: Actor): Promise<{ draftId: string }> {
  return inTransaction(async (tx) => createDraft(tx, actor, { fields: emptyDraft }));
}

export async function createDraft(
  tx: Tx,
  actor: Actor,
  content: { fields: DraftFields; card?: string; notMapped?: NotMapped[]; listingId?: string | null },
): Promise<{ draftId: string }> {
  const open = await tx.listingDraft.count({ where: { ownerId: actor.accountId, closedAt: null } });
  refuseUnless(open < MAX_OPEN_DRAFTS, "too_many_drafts", `You have ${open} open drafts. Discard one first.`);
  const now = await currentTime(tx);
  const { id } = await tx.listingDraft.create({
    data: { ...content, ownerId: actor.accountId, createdAt: now, savedAt: now },
    select: { id: true },
  });
  return { draftId: id };
}

export type SaveDraftInput = {
  draftId: string;
  /** The revision the page showed when typing began. */
  revision: number;
  fields: DraftFields;
  /** Undefined leaves the card as it is. */
  cardText?: string;
};

export type SavedDraft = { draftId: string; revision: number };

/**
 * Saves what was typed and raises the revision, unless nothing changed. When the draft was saved elsewhere since, throws
 * `draft_changed_elsewhere` and changes nothing: both versions then exist, one here and one in the page that asked.
 */
export async function saveDraft(actor: Actor, input: SaveDraftInput): Promise<SavedDraft> {
  return inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, input.draftId);
    refuseUnless(
      draft.revision === input.revision,
      "draft_changed_elsewhere",
      "This draft was saved in another window since you opened it. What you wrote here is still in this form and has not been saved over it.",
    );
    return writeTyped(tx, draft, input);
  });
}

/** The person has seen that the draft changed elsewhere and wants this version to stand. */
export async function overwriteDraft(actor: Actor, input: SaveDraftInput): Promise<SavedDraft> {
  return inTransaction(async (tx) => writeTyped(tx, await lockOwnDraft(tx, actor, input.draftId), input));
}

/** Keeps what was typed as a second draft beside the first, with the same files. */
export async function copyDraft(actor: Actor, input: SaveDraftInput): Promise<{ draftId: string }> {
  return inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, input.draftId);
    const copy = await createDraft(tx, actor, {
      fields: mergeTyped(readDraftFields(draft.fields), input.fields),
      card: boundedCard(input.cardText ?? draft.card),
      notMapped: notMappedSchema.parse(draft.notMapped),
      listingId: draft.listingId,
    });
    const files = await tx.draftFile.findMany({ where: { draftId: draft.id } });
    await tx.draftFile.createMany({
      data: files.map(({ storedFileId, part, path }) => ({
        draftId: copy.draftId,
        storedFileId,
        part,
        path,
      })),
    });
    return copy;
  });
}

/** Fills empty fields from a card and lists what no field could take; what the seller wrote is never replaced. */
export async function fillDraftFromCard(
  tx: Tx,
  actor: Actor,
  draftId: string,
  found: { card: string; fields: Partial<DraftFields>; notMapped: NotMapped[] },
): Promise<SavedDraft> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  const revision = await raise(tx, draft, {
    fields: fillEmpty(readDraftFields(draft.fields), found.fields),
    card: boundedCard(found.card),
    notMapped: found.notMapped,
  });
  return { draftId, revision };
}

/** Writes limitations measured by an evaluation into the draft, marked as such. For evidence, in its transaction. */
export async function draftLimitations(
  tx: Tx,
  actor: Actor,
  draftId: string,
  measured: readonly Limitation[],
): Promise<void> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  await raise(tx, draft, { fields: fillLimitations(readDraftFields(draft.fields), measured) });
}

/** The same where an evaluation was taken away: what only that one had shown is no longer in the draft. */
export async function remeasureDraft(
  tx: Tx,
  actor: Actor,
  draftId: string,
  measured: readonly Limitation[],
): Promise<void> {
  const draft = await lockOwnDraft(tx, actor, draftId);
  const fields = fillLimitations(withoutMeasured(readDraftFields(draft.fields)), measured);
  await raise(tx, draft, { fields });
}

/** Throws a draft away; it can be brought back for a week. */
export async function discardDraft(
  actor: Actor,
  { draftId }: { draftId: string },
): Promise<{ redirectTo: string }> {
  await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, draftId);
    await tx.listingDraft.update({ where: { id: draftId }, data: { closedAt: await currentTime(tx) } });
  });
  return { redirectTo: `/sell?discarded=${draftId}` };
}

/** Brings a thrown-away draft back, exactly as it was. */
export async function restoreDraft(
  actor: Actor,
  { draftId }: { draftId: string },
): Promise<{ redirectTo: string }> {
  await inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "ListingDraft" WHERE id = ${draftId} FOR UPDATE`;
    const draft = await tx.listingDraft.findFirst({
      where: { id: draftId, ownerId: actor.accountId, publishedAt: null },
    });
    if (!draft) throw notFoundError("draft");
    await tx.listingDraft.update({ where: { id: draftId }, data: { closedAt: null } });
  });
  return { redirectTo: `/sell/${draftId}` };
}

async function writeTyped(tx: Tx, draft: ListingDraft, input: SaveDraftInput): Promise<SavedDraft> {
  const stored = readDraftFields(draft.fields);
  const fields = mergeTyped(stored, input.fields);
  const card = input.cardText === undefined ? draft.card : boundedCard(input.cardText);
  // Saving the same again is no new revision, so that saving before another step never looks like a second editor.
  const isSame = card === draft.card && isDeepStrictEqual(fields, stored);
  const revision = isSame ? draft.revision : await raise(tx, draft, { fields, card });
  return { draftId: draft.id, revision };
}

async function raise(
  tx: Tx,
  draft: ListingDraft,
  changes: { fields: DraftFields; card?: string; notMapped?: NotMapped[] },
): Promise<number> {
  const revision = draft.revision + 1;
  await tx.listingDraft.update({
    where: { id: draft.id },
    data: { ...changes, revision, savedAt: await currentTime(tx) },
  });
  return revision;
}

/** Line ends as a form sends them would make the same card look like another one. */
function boundedCard(card: string): string {
  const text = card.replaceAll("\r\n", "\n");
  if (text.length > CARD_MAX_CHARACTERS) {
    throw new DomainError("card_too_long", "A card has at most 400,000 characters.", {
      cardText: "This card is too long.",
    });
  }
  return text;
}
