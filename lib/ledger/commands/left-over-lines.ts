import "server-only";
import { randomUUID } from "node:crypto";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import type { Credit } from "../bank/movement";
import { onlyPaymentReference } from "../bank/reference";
import { isReceiptConfirmed } from "../payment-provider";
import { cashProviderHere, receivedEntry } from "../received-transfer";
import { postEntries } from "./journal";
import { lockTransfers, transferText } from "./received-transfers";

/** So many lines are one step; an import that was interrupted goes on after the last whole one. */
const LINES_IN_A_STEP = 500;

export type LeftOver = {
  known: number;
  received: number;
  recordedWaiting: number;
  /** Recorded before, and not received. */
  waiting: Credit[];
};

/**
 * Records lines for which there is no deal, as one operator has seen them: received and posted, or, above the limit,
 * waiting for a second one. What was received before is known and stays as it is.
 */
export async function recordLeftOver(
  statementId: string,
  credits: readonly Credit[],
  confirmedById: string,
): Promise<LeftOver> {
  const sum: LeftOver = { known: 0, received: 0, recordedWaiting: 0, waiting: [] };
  for (let at = 0; at < credits.length; at += LINES_IN_A_STEP) {
    const step = credits.slice(at, at + LINES_IN_A_STEP);
    const done = await inTransaction((tx) => recordStep(tx, statementId, step, confirmedById));
    sum.known += done.known;
    sum.received += done.received;
    sum.recordedWaiting += done.recordedWaiting;
    sum.waiting.push(...done.waiting);
  }
  return sum;
}

async function recordStep(
  tx: Tx,
  statementId: string,
  credits: readonly Credit[],
  confirmedById: string,
): Promise<LeftOver> {
  await lockTransfers(tx);
  const rows = await tx.statementLine.findMany({
    where: { key: { in: credits.map(({ key }) => key) } },
    select: { key: true, transfer: { select: { receivedAt: true } } },
  });
  const isReceivedByKey = new Map(rows.map(({ key, transfer }) => [key, transfer.receivedAt !== null]));
  const known = credits.filter(({ key }) => isReceivedByKey.get(key) === true);
  const waiting = credits.filter(({ key }) => isReceivedByKey.get(key) === false);
  const fresh = credits
    .filter(({ key }) => !isReceivedByKey.has(key))
    .map((credit) => ({ ...credit, id: randomUUID() }));
  const received = fresh.filter(({ amountMinor }) => isReceiptConfirmed(amountMinor, [{ confirmedById }]));
  await insert(tx, { statementId, fresh, received, confirmedById });
  return {
    ...{ known: known.length, received: received.length, waiting },
    recordedWaiting: fresh.length - received.length,
  };
}

type Fresh = Credit & { id: string };
type Step = { statementId: string; fresh: Fresh[]; received: Fresh[]; confirmedById: string };

async function insert(tx: Tx, { statementId, fresh, received, confirmedById }: Step): Promise<void> {
  const { currency, isDemo } = await readInstallation(tx);
  const facts = { currency, provider: cashProviderHere(isDemo) };
  const now = await currentTime(tx);
  await tx.receivedTransfer.createMany({
    data: fresh.map(({ id, amountMinor, text, bookedOn }) => ({
      ...{ id, amountMinor, bookedOn, ...facts, createdAt: now },
      ...{ text: transferText(text), paymentReference: onlyPaymentReference(text) },
    })),
  });
  await tx.statementLine.createMany({
    data: fresh.map(({ id, key, line, bookedOn, amountMinor, bankReference }) => ({
      ...{ key, statementId, transferId: id, line, bookedOn, amountMinor, bankReference },
    })),
  });
  await tx.paymentReceipt.createMany({
    data: fresh.map(({ id }) => ({ transferId: id, reference: "", confirmedById, confirmedAt: now })),
  });
  await tx.receivedTransfer.updateMany({
    where: { id: { in: received.map(({ id }) => id) } },
    data: { receivedAt: now },
  });
  await postEntries(
    tx,
    received.map(({ id, amountMinor }) => receivedEntry({ id, amountMinor, ...facts })),
  );
}
