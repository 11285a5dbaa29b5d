import "server-only";
import { createHash, createHmac } from "node:crypto";
import { env } from "@/lib/platform/env";
import type { AskedFor, SentFields } from "@/lib/platform/request";
import { type Actor, hasRole } from "../actor";
import { limits } from "../limits";
import { comparedText, shownText } from "../sent-text";
import { derivePassword } from "./sign-in";

/** What names a request: made by the page, 16 to 120 letters, digits and `_.-`. */
const REQUEST_KEY = /^[A-Za-z0-9_.-]{16,120}$/;

export function isRequestKey(key: unknown): key is string {
  return typeof key === "string" && REQUEST_KEY.test(key);
}

type Asked = Pick<AskedFor, "key" | "command"> & { input: object; isMoney?: boolean; isStreamed?: boolean };

/** What an account asks for, ready for `once`. Moderators and administrators act for the platform: their mails are its. */
export async function askedBy(actor: Actor, { input, isMoney = false, ...asked }: Asked): Promise<AskedFor> {
  const { accountId } = actor;
  const isOperator = hasRole(actor, "moderator") || hasRole(actor, "administrator");
  const fields = await sentFields(accountId, asked.key, input);
  return { ...asked, accountId, fields, isMoney, mailLimits: isOperator ? null : limits.mails };
}

/** Under a key that only this installation has, so that nobody guesses a password from what a receipt keeps. */
async function sentFields(accountId: string, key: string | null, input: object): Promise<SentFields> {
  const fields: SentFields = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const text = value instanceof Blob ? await fileText(value) : comparedText(name, value);
    const place = `field of a request\n${accountId}\n${name}`;
    const digest = /password/i.test(name)
      ? await passwordDigest(`${place}\n${key}`, text)
      : keyed(`${place}\n${text}`);
    fields[name] = { digest, shown: shownText(name, value) };
  }
  return fields;
}

function keyed(text: string): string {
  return createHmac("sha256", env().NEXTAUTH_SECRET).update(text).digest("hex");
}

/** As slow as the password's own hash: a receipt must not make guessing it cheaper. */
async function passwordDigest(place: string, text: string): Promise<string> {
  return derivePassword(text, Buffer.from(keyed(place), "hex"));
}

async function fileText(file: Blob): Promise<string> {
  return createHash("sha256")
    .update(await file.bytes())
    .digest("hex");
}
