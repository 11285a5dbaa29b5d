import "server-only";
import { RateLimiterRes } from "rate-limiter-flexible";
import { DomainError } from "@/lib/shared/domain-error";
import { waitText } from "@/lib/shared/wait-text";
import { limits } from "../limits";
import { limiter } from "./attempts";

const byMinute = limiter("command-minute", limits.commands.minute, 60);
const byHour = limiter("command-hour", limits.commands.hour, 3600);

/** Counts one command of an account. Throws `too_many_commands` with the time to wait: 120 a minute, 2,000 an hour. */
export async function countCommand(accountId: string): Promise<void> {
  try {
    await byMinute.consume(accountId);
    await byHour.consume(accountId);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new DomainError(
      "too_many_commands",
      `You have sent more than one person can. Nothing was done. Wait ${waitText(refusal.msBeforeNext)} and send it again.`,
    );
  }
}
