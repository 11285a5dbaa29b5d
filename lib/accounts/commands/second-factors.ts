import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import type { z } from "zod";
import { db, inTransaction } from "@/lib/platform/db";
import { openSecret, sealSecret } from "@/lib/platform/master-key";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import type { Client } from "../client";
import { lockFactors } from "../records/factors";
import { findUnconfirmedApp } from "../records/unconfirmed-app";
import type {
  confirmAppInput,
  removeFactorInput,
  renameFactorInput,
  replaceRecoveryCodesInput,
  startAppInput,
} from "../schemas";
import { mustKeepFactor } from "../second-factor";
import { matchingStep, TOTP_SECRET_BYTES, totpCode } from "../totp";
import { addFactor, makeRecoveryCodes, noteChange, refuseExempt, refuseMore } from "./add-factor";
import { countCode, forgetCodes } from "./attempts";
import { secretName } from "./prove-second-step";
import { reauthenticate } from "./reauthenticate";

/**
 * Makes the secret of an authenticator app, which counts once a first code has confirmed it, within 15 minutes. One
 * that waited before is thrown away. Throws what `reauthenticate` throws, `demo_account`, `too_many_factors`.
 */
export async function startApp(
  actor: Actor,
  { label, ...proof }: z.infer<typeof startAppInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  refuseExempt(await reauthenticate(actor, proof, client));
  await inTransaction(async (tx) => {
    const { id: accountId, secondFactors } = await lockFactors(tx, actor.accountId);
    refuseMore(secondFactors);
    await tx.secondFactor.deleteMany({ where: { accountId, confirmedAt: null } });
    const id = randomUUID();
    const sealedSecret = sealSecret(randomBytes(TOTP_SECRET_BYTES), secretName(id));
    await tx.secondFactor.create({
      data: { id, accountId, kind: "totp", label, sealedSecret, createdAt: new Date() },
    });
  });
  return { redirectTo: "/account/second-step/app/confirm" };
}

/** Confirms the app by its first code, which is thereby used. The first factor comes with recovery codes. */
export async function confirmApp(
  actor: Actor,
  { code }: z.infer<typeof confirmAppInput>,
  client: Client,
): Promise<{ message: string; shownOnce?: string[] }> {
  const app = await findUnconfirmedApp(db, actor.accountId);
  if (!app) throw notFoundError("app");
  await countCode(actor.accountId, client.ip, true);
  const secret = openSecret(app.sealedSecret, secretName(app.id));
  const lastStep = matchingStep(secret, totpCode(code) ?? "", new Date());
  if (lastStep === null) {
    throw new DomainError("wrong_code", "This is not the code of this app.", {
      code: "Type the six digits it shows now. Is the clock of the device right?",
    });
  }
  await forgetCodes(actor.accountId);
  const shownOnce = await addFactor(actor, async (tx, confirmedAt) => {
    const { count } = await tx.secondFactor.updateMany({
      where: { id: app.id, confirmedAt: null },
      data: { confirmedAt, lastStep, lastUsedAt: new Date() },
    });
    if (count !== 1) throw notFoundError("app");
    return { kind: "totp", label: app.label };
  });
  return { message: `“${app.label}” is added.`, shownOnce };
}

/** Gives one of the actor's factors another name. A stranger's does not exist. */
export async function renameFactor(
  actor: Actor,
  { factorId, label }: z.infer<typeof renameFactorInput>,
): Promise<{ message: string }> {
  const { count } = await db.secondFactor.updateMany({
    where: { id: factorId, accountId: actor.accountId },
    data: { label },
  });
  if (count !== 1) throw notFoundError("factor");
  return { message: "Renamed." };
}

/**
 * Removes one of the actor's factors, with the recovery codes when it was the last. Throws `factor_needed` for the
 * last one where a role or payout details need it, and what `reauthenticate` throws.
 */
export async function removeFactor(
  actor: Actor,
  { factorId, ...proof }: z.infer<typeof removeFactorInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const own = await db.secondFactor.findFirst({ where: { id: factorId, accountId: actor.accountId } });
  if (!own) throw notFoundError("factor");
  await reauthenticate(actor, proof, client);
  await inTransaction(async (tx) => {
    const account = await lockFactors(tx, actor.accountId);
    const factor = account.secondFactors.find(({ id }) => id === factorId);
    if (!factor) throw notFoundError("factor");
    const isLast = account.secondFactors.length === 1;
    refuseUnless(
      !isLast || !mustKeepFactor(account),
      "factor_needed",
      "A role or your payout details need a second step. Add another one before you remove the last.",
    );
    await tx.secondFactor.delete({ where: { id: factor.id } });
    if (isLast) await tx.recoveryCode.deleteMany({ where: { accountId: account.id } });
    await noteChange(tx, actor, "second_factor.removed", `“${factor.label}” was removed.`);
  });
  return { redirectTo: "/account?done=factor-removed#second-step" };
}

/** Makes new recovery codes, shown once; the old ones stop working. Throws `second_factor_missing`. */
export async function replaceRecoveryCodes(
  actor: Actor,
  proof: z.infer<typeof replaceRecoveryCodesInput>,
  client: Client,
): Promise<{ message: string; shownOnce: string[] }> {
  await reauthenticate(actor, proof, client);
  const shownOnce = await inTransaction(async (tx) => {
    const { id, secondFactors } = await lockFactors(tx, actor.accountId);
    refuseUnless(
      secondFactors.length > 0,
      "second_factor_missing",
      "Recovery codes stand in for a second factor. Add one first.",
    );
    await noteChange(tx, actor, "recovery_codes.replaced", "your recovery codes were replaced by new ones.");
    return makeRecoveryCodes(tx, id);
  });
  return { message: "These are your new recovery codes. The old ones work no longer.", shownOnce };
}
