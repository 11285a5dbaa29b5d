import "server-only";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openSecret } from "@/lib/platform/master-key";
import { pick } from "@/lib/shared/pick";
import type { FactorRemoval, SecondFactor } from "@/prisma/generated/client";
import type { Actor, RoleName } from "../actor";
import { secretName } from "../commands/prove-second-step";
import { confirmedFactor } from "../records/factors";
import { findUnconfirmedApp } from "../records/unconfirmed-app";
import { isExempt, mustKeepFactor, removableAt } from "../second-factor";
import { otpauthUri, secretText } from "../totp";

const shown = ["id", "kind", "label", "createdAt", "lastUsedAt", "isBackedUp"] as const;

export type FactorView = Pick<SecondFactor, (typeof shown)[number]>;

export const openRemoval = { doneAt: null, stoppedAt: null } as const;

export type RemovalView = { id: string; reason: string; removableAt: Date; isAskedByYou: boolean };

export function removalView(actor: Actor, row: FactorRemoval | undefined): RemovalView | null {
  if (!row) return null;
  const { id, reason, askedAt, askedById } = row;
  return { id, reason, removableAt: removableAt(askedAt), isAskedByYou: askedById === actor.accountId };
}

/** What a form must ask for besides the password. */
export type AskedStep = { hasSecondFactor: boolean; hasPasskey: boolean };

export type OwnSecondStep = AskedStep & {
  factors: FactorView[];
  codesLeft: number;
  /** A demo account in a demo: never asked. */
  isExempt: boolean;
  /** The last factor cannot be removed. */
  mustKeep: boolean;
  sleepingRoles: readonly RoleName[];
  removal: RemovalView | null;
};

/** The actor's second factors, oldest first, and what stands in for them. */
export async function getOwnSecondStep(actor: Actor): Promise<OwnSecondStep> {
  const account = await db.account.findUniqueOrThrow({
    where: { id: actor.accountId },
    include: {
      secondFactors: { where: confirmedFactor, orderBy: { createdAt: "asc" } },
      factorRemovals: { where: openRemoval },
      _count: { select: { recoveryCodes: { where: { usedAt: null } } } },
    },
  });
  return {
    ...askedStep(account.secondFactors),
    factors: account.secondFactors.map((row) => pick(row, shown)),
    codesLeft: account._count.recoveryCodes,
    isExempt: isExempt(account, env().OFFCUT_DEMO),
    mustKeep: mustKeepFactor(account),
    sleepingRoles: actor.sleepingRoles,
    removal: removalView(actor, account.factorRemovals[0]),
  };
}

function askedStep(factors: readonly Pick<SecondFactor, "kind">[]): AskedStep {
  return {
    hasSecondFactor: factors.length > 0,
    hasPasskey: factors.some(({ kind }) => kind === "passkey"),
  };
}

/** What the account between the steps of a sign-in is asked for. */
export async function getAskedStep(accountId: string): Promise<AskedStep> {
  return askedStep(await db.secondFactor.findMany({ where: { accountId, ...confirmedFactor } }));
}

/** The secret of the actor's app that waits for its first code, as an app scans it and as it is typed; or null. */
export async function findOwnUnconfirmedApp(
  actor: Actor,
): Promise<{ label: string; uri: string; secret: string } | null> {
  const app = await findUnconfirmedApp(db, actor.accountId);
  if (!app) return null;
  const { email } = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  const secret = openSecret(app.sealedSecret, secretName(app.id));
  return { label: app.label, uri: otpauthUri(secret, email), secret: secretText(secret) };
}
