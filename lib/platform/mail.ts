import "server-only";
import { createTransport, type Transporter } from "nodemailer";
import { db } from "./db";
import { env } from "./env";

/** A plain-text mail. */
export type Mail = { to: string; subject: string; text: string };

let transport: Transporter | undefined;

/**
 * Sends by SMTP where SMTP_URL is set, else puts the mail into the demo mailbox, there once for each key and in the order in
 * which it was asked for. Throws when neither is possible, so that the outbox keeps it.
 */
export async function deliverMail(idempotencyKey: string, mail: Mail, askedAt: Date): Promise<void> {
  const { SMTP_URL, MAIL_FROM, OFFCUT_DEMO } = env();
  if (SMTP_URL) {
    transport ??= createTransport(SMTP_URL);
    await transport.sendMail({
      from: MAIL_FROM,
      ...mail,
      messageId: `<${idempotencyKey.replace(/[^\w.-]/g, "-")}@offcut>`,
    });
    return;
  }
  if (!OFFCUT_DEMO) throw new Error("SMTP_URL is not set.");
  await db.mailboxMessage.createMany({
    data: [{ idempotencyKey, ...mail, createdAt: askedAt }],
    skipDuplicates: true,
  });
}
