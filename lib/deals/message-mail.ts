import { limits } from "@/lib/accounts/limits";

const BETWEEN_MS = limits.minutesBetweenMessageMails * 60_000;

/**
 * What mail goes out about the last of one side's messages, written at these times, oldest first: one at once where the
 * last mail was five minutes ago; else one when it will have been, in which all that is written until then is meant;
 * null where such a one waits already.
 */
export function mailAbout(writtenAt: readonly Date[]): { isAtOnce: boolean; afterSeconds: number } | null {
  let lastMail = -Infinity;
  let mail: ReturnType<typeof mailAbout> = null;
  for (const at of writtenAt.map((time) => time.getTime())) {
    const due = Math.max(at, lastMail + BETWEEN_MS);
    const isWaiting = lastMail > at;
    mail = isWaiting ? null : { isAtOnce: due === at, afterSeconds: Math.ceil((due - at) / 1000) };
    if (!isWaiting) lastMail = due;
  }
  return mail;
}
