import "server-only";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openSecret } from "@/lib/platform/master-key";
import { asPlatform } from "@/lib/platform/request";
import { DomainError } from "@/lib/shared/domain-error";
import { recoveryCodeUsedMail, wrongCodesMail } from "../mails";
import { recoveryCodeHash } from "../recovery-code";
import type { SecondStep, SecondStepMeans } from "../second-factor";
import { matchingStep, totpCode } from "../totp";
import { countCode, forgetCodes } from "./attempts";
import type { Holder } from "./challenge";
import { mailAccount } from "./mail-account";
import { provePasskey, unprovenPasskey } from "./prove-passkey";

/** To what an app's sealed secret is bound. */
export function secretName(factorId: string): string {
  return `second-factor:${factorId}`;
}

/**
 * Proves that somebody holds a second factor of the account: by a passkey that answers a challenge of `holder`, by a
 * code of an authenticator app, or by a recovery code, which its owner is told of by mail. Each code works once. Wrong
 * ones are counted apart from passwords (`too_many_attempts`). Throws `second_step_needed` when nothing was given,
 * `wrong_code`, `passkey_unproven`.
 */
export function proveSecondStep(
  accountId: string,
  step: SecondStep,
  holder: Holder | null,
  ip: string | null,
): Promise<SecondStepMeans> {
  // A code that is spent is no effect of what it is spent for, whose receipt comes with its own transaction.
  return asPlatform(() => prove(accountId, step, holder, ip));
}

async function prove(
  accountId: string,
  { code, passkey }: SecondStep,
  holder: Holder | null,
  ip: string | null,
): Promise<SecondStepMeans> {
  if (passkey) {
    if (!holder || (await provePasskey(passkey, holder)).accountId !== accountId) throw unprovenPasskey();
    return "passkey";
  }
  if (!code) {
    throw new DomainError("second_step_needed", "Your account asks for a second step.", {
      code: "Type a code from your app, or a recovery code.",
    });
  }
  const digits = totpCode(code);
  const left = await countCode(accountId, ip, digits !== null);
  const isRight =
    digits === null ? await spendRecoveryCode(accountId, code) : await spendTotp(accountId, digits);
  if (!isRight) {
    if (left === 0) await tellOfWrongCodes(accountId);
    throw new DomainError("wrong_code", "This code is wrong or has been used.", {
      code: "Each code works once, and one from the app for about a minute.",
    });
  }
  await forgetCodes(accountId);
  return digits === null ? "recovery_code" : "totp";
}

/** Whoever fails here knew the password: the owner hears of it, once a day. */
async function tellOfWrongCodes(accountId: string): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  await inTransaction(async (tx) => {
    const { displayName } = await tx.account.findUniqueOrThrow({ where: { id: accountId } });
    const mail = wrongCodesMail(displayName, env().APP_ORIGIN);
    await mailAccount(tx, accountId, `wrong-codes:${accountId}:${day}`, mail);
  });
}

/** Of several uses of one code at the same moment, one writes the step. */
async function spendTotp(accountId: string, code: string): Promise<boolean> {
  const now = new Date();
  const apps = await db.secondFactor.findMany({
    where: { accountId, kind: "totp", confirmedAt: { not: null } },
  });
  for (const { id, sealedSecret } of apps) {
    const step = sealedSecret && matchingStep(openSecret(sealedSecret, secretName(id)), code, now);
    if (step === null) continue;
    const used = await db.secondFactor.updateMany({
      where: { id, lastStep: { lt: step } },
      data: { lastStep: step, lastUsedAt: now },
    });
    if (used.count === 1) return true;
  }
  return false;
}

async function spendRecoveryCode(accountId: string, typed: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const codeHash = recoveryCodeHash(typed);
    const used = await tx.recoveryCode.updateMany({
      where: { codeHash, accountId, usedAt: null },
      data: { usedAt: new Date() },
    });
    if (used.count !== 1) return false;
    const left = await tx.recoveryCode.count({ where: { accountId, usedAt: null } });
    const { displayName } = await tx.account.findUniqueOrThrow({ where: { id: accountId } });
    const mail = recoveryCodeUsedMail(displayName, left, env().APP_ORIGIN);
    await mailAccount(tx, accountId, `recovery-code:${codeHash}`, mail);
    return true;
  });
}
