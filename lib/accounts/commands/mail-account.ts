import "server-only";
import type { Tx } from "@/lib/platform/db";
import { enqueueMail } from "@/lib/platform/outbox";
import type { MailText } from "../mails";

/** Mails an account at its address, in the caller's transaction; the same key is sent once. Nobody's account gets none. */
export async function mailAccount(
  tx: Tx,
  accountId: string,
  idempotencyKey: string,
  mail: MailText,
  afterSeconds = 0,
): Promise<void> {
  const account = await tx.account.findUnique({ where: { id: accountId }, select: { email: true } });
  if (account) await enqueueMail(tx, idempotencyKey, { to: account.email, ...mail }, afterSeconds);
}
