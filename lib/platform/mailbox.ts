import "server-only";
import { db } from "./db";
import { env } from "./env";
import { getInstallation } from "./installation";

export type MailView = { id: string; to: string; subject: string; text: string; createdAt: Date };

const MAILBOX_LIMIT = 50;

/**
 * The simulated mailbox of a demo installation, newest first; null anywhere else, where mail is private. `origin` is
 * this installation's own, for links; `asOf` the time to compare the mails' with.
 */
export async function listMailbox(
  to: string,
): Promise<{ mails: MailView[]; origin: string; asOf: Date } | null> {
  if (!(await getInstallation()).isDemo) return null;
  const mails = await db.mailboxMessage.findMany({
    where: to ? { to: { contains: to.trim().toLowerCase() } } : {},
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: MAILBOX_LIMIT,
    select: { id: true, to: true, subject: true, text: true, createdAt: true },
  });
  return { mails, origin: env().APP_ORIGIN, asOf: new Date() };
}
