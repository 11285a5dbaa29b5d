import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import type { Actor } from "@/lib/accounts/actor";
import { recordAudit } from "@/lib/platform/audit";
import { advanceDemoClock, currentTime } from "@/lib/platform/clock";
import { readInstallation } from "@/lib/platform/installation";
import { asPlatform } from "@/lib/platform/request";
import { notFoundError } from "@/lib/shared/domain-error";
import { runDealClocks } from "../jobs";
import { appendEvent, onOwnDeal } from "../records";
import type { MoveClockInput } from "../schemas";
import { proveAcceptance } from "./prove-acceptance";

const DAY_SECONDS = 86_400;

/** The log has no simulated time: what it would have done within a day, it gets these seconds for. */
const LOG_SECONDS = 3;

/**
 * Moves a demo installation's clock forward, for a party of the deal, and lets the clocks run after each day, as
 * they would have. Does not exist on a real installation.
 */
export async function moveDemoClock(actor: Actor, input: MoveClockInput): Promise<{ message: string }> {
  const days = Number(input.days);
  for (let day = 0; day < days; day++) {
    await onOwnDeal(actor, input.dealId, async (tx, { deal }) => {
      const { isDemo } = await readInstallation(tx);
      if (!isDemo) throw notFoundError("clock");
      await advanceDemoClock(tx, DAY_SECONDS);
      const now = await currentTime(tx);
      if (day === 0) {
        await appendEvent(tx, deal, {
          kind: "clock_moved",
          actorId: actor.accountId,
          at: now,
          details: { days },
        });
        await recordAudit(tx, {
          actorId: actor.accountId,
          action: "clock.moved",
          subject: ["deal", deal.id],
          details: { days },
        });
      }
    });
    await letLogCatchUp(input.dealId);
    await asPlatform(runDealClocks);
  }
  return { message: `The demo clock moved forward ${days === 1 ? "a day" : `${days} days`}.` };
}

async function letLogCatchUp(dealId: string): Promise<void> {
  const giveUpAt = performance.now() + LOG_SECONDS * 1000;
  while ((await proveAcceptance(dealId))?.state === "waiting" && performance.now() < giveUpAt)
    await pause(100);
}
