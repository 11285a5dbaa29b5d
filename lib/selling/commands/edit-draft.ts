import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Actor } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { ListingDraft, Prisma } from "@/prisma/generated/client";
import {
  CARD_MAX_CHARACTERS,
  type DraftFields,
  emptyDraft,
  readDraftFields,
} from "@/lib/catalogue/draft-fields";
import { type RunContract, runContractSchema } from "@/lib/inference/run-contract";
import { mergeTyped } from "../draft";
import { type DryRun, dryRunSchema } from "../dry-run";
import { type NotMapped, notMappedSchema } from "@/lib/shared/cursor";
import { onlyTouched } from "../draft-form";

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
  content: {
    fields: DraftFields;
    card?: string;
    cardLimits?: string;
    notMapped?: NotMapped[];
    listingId?: string | null;
    runContract?: RunContract;
    dryRun?: DryRun;
  },
): Promise<{ draftId: string }> {
  await requireRoomForDraft(tx, actor, true);
  const now = await currentTime(tx);
  const { id } = await tx.listingDraft.create({
    data: { ...content, ownerId: actor.accountId, createdAt: now, savedAt: now },
    select: { id: true },
  });
  return { draftId: id };
}

const WEEK_MS = 7 * 86_400_000;

/** An account opens one draft after another: 100 open ones, and a new one only among 300 with those of a week thrown away. */
async function requireRoomForDraft(tx: Tx, actor: Actor, isNew: boolean): Promise<void> {
  await lockRoom(tx, actor.accountId, "drafts");
  const own = { ownerId: actor.accountId, publishedAt: null };
  const open = await tx.listingDraft.count({ where: { ...own, closedAt: null } });
  refuseUnless(
    open < limits.draftsOpen,
    "too_many_drafts",
    `You have ${open} open drafts. Discard one first.`,
  );
  const weekAgo = new Date((await currentTime(tx)).getTime() - WEEK_MS);
  const discarded = await tx.listingDraft.count({ where: { ...own, closedAt: { gt: weekAgo } } });
  refuseUnless(
    !isNew || open + discarded < limits.draftsKept,
    "too_many_drafts",
    "You have thrown away many drafts this week, and each can still be brought back. Start the next one in some days.",
  );
}

export type SaveDraftInput = {
  draftId: string;
  /** The revision the page showed when typing began. */
  revision: number;
  fields: DraftFields;
  /** Undefined leaves the card as it is. */
  cardText?: string;
  /** What was typed in since the page was drawn, by name; absent where nobody knows. */
  touched?: readonly string[];
  /** `fillings` of the fields the page showed. */
  drawn?: number;
};

/** `fillings` rises whenever the platform fills something in. */
export type SavedDraft = { draftId: string; revision: number; fillings: number };

/**
 * Saves what was typed and raises the revision, unless nothing changed. When the draft was saved elsewhere since, throws
 * `draft_changed_elsewhere` and changes nothing: both versions then exist, one here and one in the page that asked.
 * What the platform filled in meanwhile is no such change: words that were touched go over it, the rest of it stays.
 */
export async function saveDraft(actor: Actor, input: SaveDraftInput): Promise<SavedDraft> {
  return inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, input.draftId);
    const isOnlyFilled = input.touched !== undefined && input.revision >= draft.typedRevision;
    refuseUnless(
      draft.revision === input.revision || isOnlyFilled,
      "draft_changed_elsewhere",
      "This draft was saved in another window since you opened it. What you wrote here is still in this form and has not been saved over it.",
    );
    return writeTyped(tx, draft, input);
  });
}

/** The person has seen that the draft changed elsewhere and wants this version to stand. */
export async function overwriteDraft(actor: Actor, input: SaveDraftInput): Promise<SavedDraft> {
  return inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, input.draftId);
    return writeTyped(tx, draft, { ...input, touched: undefined });
  });
}

/** Keeps what was typed as a second draft beside the first, with the same files and what was read from them. */
export async function copyDraft(actor: Actor, input: SaveDraftInput): Promise<{ draftId: string }> {
  return inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, input.draftId);
    const copy = await createDraft(tx, actor, {
      fields: mergeTyped(readDraftFields(draft.fields), input.fields),
      card: boundedCard(input.cardText ?? draft.card),
      cardLimits:
        input.cardText === undefined || boundedCard(input.cardText) === draft.card ? draft.cardLimits : "",
      notMapped: notMappedSchema.parse(draft.notMapped),
      listingId: draft.listingId,
      runContract: runContractSchema.safeParse(draft.runContract).data,
      dryRun: dryRunSchema.safeParse(draft.dryRun).data,
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
    const imports = await tx.draftImport.findMany({ where: { draftId: draft.id } });
    await tx.draftImport.createMany({
      data: imports.map(({ storedFileId, fileName, format, report, createdAt }) => ({
        draftId: copy.draftId,
        storedFileId,
        fileName,
        format,
        report: report as Prisma.InputJsonObject,
        createdAt,
      })),
    });
    return copy;
  });
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
    if (draft.closedAt) await requireRoomForDraft(tx, actor, false);
    await tx.listingDraft.update({ where: { id: draftId }, data: { closedAt: null } });
  });
  return { redirectTo: `/sell/${draftId}` };
}

async function writeTyped(tx: Tx, draft: ListingDraft, input: SaveDraftInput): Promise<SavedDraft> {
  const stored = readDraftFields(draft.fields);
  const touched = (input.drawn ?? 0) < stored.fillings ? input.touched : undefined;
  const fields = mergeTyped(stored, touched ? onlyTouched(stored, input.fields, touched) : input.fields);
  const isCardMeant = input.cardText !== undefined && (!touched || touched.includes("cardText"));
  const card = isCardMeant ? boundedCard(input.cardText ?? "") : draft.card;
  // Saving the same again is no new revision, so that saving before another step never looks like a second editor.
  const isSame = card === draft.card && isDeepStrictEqual(fields, stored);
  const typedRevision = draft.revision + 1;
  const revision = isSame
    ? draft.revision
    : await raiseDraft(tx, draft, {
        fields,
        card,
        // Belongs to the card that was read.
        ...(card === draft.card ? {} : { cardLimits: "" }),
        typedRevision,
      });
  return { draftId: draft.id, revision, fillings: stored.fillings };
}

/** Writes a draft that is locked already, as its next revision. */
export async function raiseDraft(
  tx: Tx,
  draft: ListingDraft,
  changes: {
    fields: DraftFields;
    card?: string;
    cardLimits?: string;
    notMapped?: NotMapped[];
    typedRevision?: number;
  },
): Promise<number> {
  const revision = draft.revision + 1;
  await tx.listingDraft.update({
    where: { id: draft.id },
    data: { ...changes, revision, savedAt: await currentTime(tx) },
  });
  return revision;
}

/** Line ends as a form sends them would make the same card look like another one. */
export function boundedCard(card: string): string {
  const text = card.replaceAll("\r\n", "\n");
  if (text.length > CARD_MAX_CHARACTERS) {
    throw new DomainError("card_too_long", "A card has at most 400,000 characters.", {
      cardText: "This card is too long.",
    });
  }
  return text;
}
