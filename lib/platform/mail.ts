import "server-only";
import { createTransport, type Transporter } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { db } from "./db";
import { env } from "./env";

/** A plain-text mail. */
export type Mail = { to: string; subject: string; text: string };

/** A server that does not connect, greet or go on within this time is given up; the outbox asks again later. */
export const SMTP_TIMEOUT_MS = 10_000;

let transport: Transporter | undefined;

/** A way to send through the server that an `smtp://` or `smtps://` address names. */
export function smtpTransport(url: string): Transporter {
  return createTransport({
    url,
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  } as SMTPTransport.Options);
}

/**
 * Sends by SMTP where SMTP_URL is set, else puts the mail into the demo mailbox, there once for each key and in the order in
 * which it was asked for. Throws when neither is possible, so that the outbox keeps it.
 */
export async function deliverMail(idempotencyKey: string, mail: Mail, askedAt: Date): Promise<void> {
  const { SMTP_URL, MAIL_FROM, OFFCUT_DEMO } = env();
  if (SMTP_URL) {
    transport ??= smtpTransport(SMTP_URL);
    await transport.sendMail({
      from: MAIL_FROM,
      ...mail,
      // As text it would be read as a list of addresses.
      to: { name: "", address: mail.to },
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
