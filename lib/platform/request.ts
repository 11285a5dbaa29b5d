import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { DomainError } from "@/lib/shared/domain-error";
import { waitText } from "@/lib/shared/wait-text";
import type { Prisma } from "@/prisma/generated/client";

/** A field of a request: a keyed digest of what was sent, and that itself where it is short and no secret. */
export type SentField = { digest: string; shown: string | null };
export type SentFields = Record<string, SentField>;

/** What an account asked for. */
export type AskedFor = {
  accountId: string;
  /** Names this very request: sent again it is done once. Null where that is so by what it does. */
  key: string | null;
  command: string;
  fields: SentFields;
  /** What it carries is known only once it has arrived: see `noteContent`. */
  isStreamed?: boolean;
  /** Money moves: the receipt is kept for ever. */
  isMoney: boolean;
  /** How many mails it may cause; null for whoever acts for the platform. */
  mailLimits: { hour: number; day: number } | null;
};

/** A request while its command runs. */
export type RequestInHand = AskedFor & {
  /** "taken": the receipt stands with what was done. "sent_before": it stood already. */
  receipt: "none" | "taken" | "sent_before";
  /** Asked for in the transaction that runs. */
  mails: number;
};

const inHand = new AsyncLocalStorage<RequestInHand | null>();

/** The receipt of this key stands already: nothing was done now. */
export class SentBeforeError extends Error {}

/** Runs a command for a request: its transactions write the receipt and count its mails. */
export function withRequest<T>(request: RequestInHand, work: () => Promise<T>): Promise<T> {
  return inHand.run(request, work);
}

/** What a clock or the platform does meanwhile is nobody's request. */
export function asPlatform<T>(work: () => Promise<T>): Promise<T> {
  return inHand.run(null, work);
}

/** Says what a file holds, once it is known, so that another one under the same key is noticed. */
export function noteContent(sha256: string): void {
  const request = inHand.getStore();
  if (request) request.fields.content ??= { digest: sha256, shown: sha256 };
}

/** Counts a mail for the request in hand; the transaction is refused at its end where it is one too many. */
export function noteMail(): void {
  const request = inHand.getStore();
  if (request) request.mails++;
}

/**
 * What a transaction does for the request in hand: the first that commits writes the receipt with it, before anything
 * else, so a second send waits here and does nothing. Throws SentBeforeError and `too_many_mails`.
 */
export async function inRequest<T>(tx: Prisma.TransactionClient, work: () => Promise<T>): Promise<T> {
  const request = inHand.getStore();
  if (!request) return work();
  request.mails = 0;
  if (request.receipt === "none") await takeReceipt(tx, request);
  const result = await work();
  if (request.mails > 0 && request.mailLimits) await countMails(tx, request, request.mailLimits);
  return result;
}

/** A transaction of the request in hand has committed, and the receipt with it. */
export function noteCommit(): void {
  const request = inHand.getStore();
  if (request?.receipt === "none") request.receipt = "taken";
}

async function takeReceipt(tx: Prisma.TransactionClient, request: RequestInHand): Promise<void> {
  const { accountId, key, command, fields, isMoney } = request;
  if (key === null) return;
  const { count } = await tx.commandReceipt.createMany({
    data: [{ accountId, key, command, fields, isMoney }],
    skipDuplicates: true,
  });
  if (count === 1) return;
  request.receipt = "sent_before";
  throw new SentBeforeError("This request was sent before.");
}

const HOUR_MS = 3_600_000;

/** Counted last, so that nobody waits long for the row of this hour, and nothing waits behind it for another lock. */
async function countMails(
  tx: Prisma.TransactionClient,
  { accountId, mails }: RequestInHand,
  limits: { hour: number; day: number },
): Promise<void> {
  const [now] = await tx.$queryRaw<{ hour: Date; at: Date }[]>`
    INSERT INTO "CausedMails" ("accountId", hour, mails)
    VALUES (${accountId}, date_trunc('hour', clock_timestamp()), ${mails})
    ON CONFLICT ("accountId", hour) DO UPDATE SET mails = "CausedMails".mails + EXCLUDED.mails
    RETURNING hour, clock_timestamp() AS at`;
  if (!now) throw new Error("The mails were not counted.");
  const rows = await tx.causedMails.findMany({
    where: { accountId, hour: { gt: new Date(now.hour.getTime() - 24 * HOUR_MS) } },
    orderBy: { hour: "asc" },
  });
  const inHour = rows.at(-1)?.mails ?? 0;
  const inDay = rows.reduce((sum, row) => sum + row.mails, 0);
  const endOfHour = now.hour.getTime() + HOUR_MS;
  if (inHour > limits.hour) throw tooManyMails(`${limits.hour} mails an hour`, endOfHour, now.at);
  if (inDay > limits.day) {
    const oldest = rows[0]?.hour.getTime() ?? now.hour.getTime();
    throw tooManyMails(`${limits.day} mails a day`, oldest + 24 * HOUR_MS, now.at);
  }
}

function tooManyMails(limit: string, againAt: number, now: Date): DomainError {
  return new DomainError(
    "too_many_mails",
    `This would send a mail, and an account may cause ${limit}. Nothing was done. Try again in ${waitText(againAt - now.getTime())}.`,
  );
}
