import "server-only";
import { randomBytes } from "node:crypto";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import { secondStepChangedMail } from "../mails";
import {
  RECOVERY_CODE_BYTES,
  RECOVERY_CODE_COUNT,
  recoveryCodeHash,
  recoveryCodeText,
} from "../recovery-code";
import { lockFactors } from "../records/factors";
import { isExempt, MAX_FACTORS, type SecondFactorKind } from "../second-factor";
import { mailAccount } from "./mail-account";

const KINDS: Record<SecondFactorKind, string> = { totp: "authenticator app", passkey: "passkey" };

/** Whoever knows a demo account's public password could otherwise shut out all others. */
export function refuseExempt(account: { isDemo: boolean }): void {
  if (!isExempt(account, env().OFFCUT_DEMO)) return;
  throw new DomainError(
    "demo_account",
    "A second step is not asked in a demo account, whose password is public, and cannot be set up there.",
  );
}

export function refuseMore(factors: readonly unknown[]): void {
  refuseUnless(
    factors.length < MAX_FACTORS,
    "too_many_factors",
    `An account has at most ${MAX_FACTORS} second factors. Remove one first.`,
  );
}

/**
 * Adds the factor that `write` writes, with an audit event and a mail. With the first one this session counts as
 * confirmed, every other session ends, and the recovery codes are returned, to be shown once.
 */
export async function addFactor(
  actor: Actor,
  write: (tx: Tx, now: Date) => Promise<{ kind: SecondFactorKind; label: string }>,
): Promise<string[] | undefined> {
  return inTransaction(async (tx) => {
    const account = await lockFactors(tx, actor.accountId);
    refuseExempt(account);
    refuseMore(account.secondFactors);
    const { kind, label } = await write(tx, await currentTime(tx));
    await noteChange(tx, actor, "second_factor.added", `the ${KINDS[kind]} “${label}” was added.`);
    if (account.secondFactors.length > 0) return undefined;
    const now = new Date();
    const others = { accountId: account.id, endedAt: null, id: { not: actor.sessionId ?? "" } };
    await tx.session.updateMany({ where: others, data: { endedAt: now } });
    await tx.session.updateMany({
      where: { id: actor.sessionId ?? "", accountId: account.id },
      data: { secondFactorAt: now },
    });
    return makeRecoveryCodes(tx, account.id);
  });
}

/** Replaces every recovery code of an account; only the hashes are kept. */
export async function makeRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODE_COUNT }, () =>
    recoveryCodeText(randomBytes(RECOVERY_CODE_BYTES)),
  );
  await tx.recoveryCode.deleteMany({ where: { accountId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ accountId, codeHash: recoveryCodeHash(code) })),
  });
  return codes;
}

/** Writes down and mails what changed about the actor's second step. */
export async function noteChange(tx: Tx, actor: Actor, action: string, change: string): Promise<void> {
  const { displayName } = await tx.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  const subject = ["account", actor.accountId] as const;
  await recordAudit(tx, { actorId: actor.accountId, action, subject, details: { change } });
  const mail = secondStepChangedMail(displayName, change, env().APP_ORIGIN);
  await mailAccount(tx, actor.accountId, `${action}:${randomBytes(12).toString("hex")}`, mail);
}
