import "server-only";
import type { Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { refuseUnless } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import { lockFactors } from "../records/factors";
import { isExempt } from "../second-factor";

/**
 * Throws `second_factor_missing` unless the actor's account has a second factor, which then confirmed the session
 * too. From then on the last one cannot be removed: what was decided here goes on needing it. Demo accounts pass in a demo.
 */
export async function requireSecondFactor(tx: Tx, actor: Actor): Promise<void> {
  const account = await lockFactors(tx, actor.accountId);
  if (isExempt(account, env().OFFCUT_DEMO)) return;
  refuseUnless(
    account.secondFactors.length > 0,
    "second_factor_missing",
    "Money follows this, so it needs a second step: set one up on your account page first.",
  );
  await tx.account.update({ where: { id: account.id }, data: { needsSecondFactor: true } });
}
