import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/shared/domain-error";
import { pick } from "@/lib/shared/pick";
import type { Account, Session, SigningKey } from "@/prisma/generated/client";
import { type Actor, requireRole, type RoleName } from "../actor";
import { deviceName } from "../device";
import { findTokenAccount } from "../commands/email-token";
import type { EmailTokenPurpose } from "../email-token-rules";
import { type KeyEnrolment, type KeyState, keyState } from "../key";
import { confirmedFactor } from "../records/factors";
import { isExempt, wakeRoles } from "../second-factor";
import { type AskedStep, getAskedStep, openRemoval, type RemovalView, removalView } from "./second-factors";

const own = ["email", "handle", "displayName", "bio", "websiteUrl", "roles", "isDemo", "createdAt"] as const;

export type OwnAccountView = Pick<Account, (typeof own)[number]> & { accountId: string; isVerified: boolean };

/** What an account sees of itself. */
export async function getOwnAccount(actor: Actor): Promise<OwnAccountView> {
  const row = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  return { ...pick(row, own), accountId: row.id, isVerified: row.emailVerifiedAt !== null };
}

/**
 * Throws `address_unconfirmed` unless the actor's address is confirmed. Everything that sells, buys or signs asks
 * this; looking around does not. `system` passes.
 */
export async function requireVerified(actor: Actor, tx: Pick<Tx, "account"> = db): Promise<void> {
  if (actor.kind === "system") return;
  const row = await tx.account.findUnique({
    where: { id: actor.accountId },
    select: { emailVerifiedAt: true },
  });
  if (row?.emailVerifiedAt) return;
  throw new DomainError(
    "address_unconfirmed",
    "Confirm your e-mail address first: open the link we mailed you, or ask for a new one on your account page.",
  );
}

export type SessionView = Pick<Session, "createdAt" | "lastSeenAt"> & {
  sessionId: string;
  device: string;
  isThisOne: boolean;
};

/**
 * The actor's live sessions, the present one first, then the last seen. `asOf` is the time to compare them with:
 * sessions run on real time, also where a demo has moved its clock.
 */
export async function listSessions(actor: Actor): Promise<{ sessions: SessionView[]; asOf: Date }> {
  const asOf = new Date();
  const rows = await db.session.findMany({
    where: { accountId: actor.accountId, endedAt: null, expiresAt: { gt: asOf } },
    orderBy: { lastSeenAt: "desc" },
  });
  const views = rows.map((row) => ({
    ...pick(row, ["createdAt", "lastSeenAt"]),
    sessionId: row.id,
    device: deviceName(row.userAgent),
    isThisOne: row.id === actor.sessionId,
  }));
  const sessions = [...views.filter((one) => one.isThisOne), ...views.filter((one) => !one.isThisOne)];
  return { sessions, asOf };
}

const life = ["kind", "enrolledAt", "effectiveAt", "revokedAt"] as const;
/** `accountId` is null for the platform's own key. */
const listed = [...life, "accountId", "isDemo"] as const;

export type SigningKeyView = Pick<SigningKey, (typeof listed)[number]> & {
  keyId: string;
  spki: Uint8Array<ArrayBuffer>;
};

function keyView(row: SigningKey): SigningKeyView {
  return { ...pick(row, listed), keyId: row.id, spki: new Uint8Array(row.spki) };
}

/** A public key by its id, for anybody who checks a signature. Ask `keyIsValidAt` whether it counted at a time. */
export async function findSigningKey(
  keyId: string,
  tx: Pick<Tx, "signingKey"> = db,
): Promise<SigningKeyView | null> {
  const row = await tx.signingKey.findUnique({ where: { id: keyId } });
  return row && keyView(row);
}

/** Every public key an account ever had, oldest first. */
export async function listSigningKeys(
  accountId: string,
  tx: Pick<Tx, "signingKey"> = db,
): Promise<SigningKeyView[]> {
  const rows = await tx.signingKey.findMany({ where: { accountId }, orderBy: { enrolledAt: "asc" } });
  return rows.map(keyView);
}

export type OwnKeyView = Pick<SigningKey, (typeof life)[number] | "label"> & {
  keyId: string;
  state: KeyState;
  enrolledBy: KeyEnrolment;
};

/** The actor's keys with their labels, newest first. */
export async function listOwnKeys(actor: Actor): Promise<OwnKeyView[]> {
  const now = await currentTime();
  const rows = await db.signingKey.findMany({
    where: { accountId: actor.accountId },
    orderBy: { enrolledAt: "desc" },
  });
  return rows.map((row) => ({
    ...pick(row, [...life, "label"]),
    keyId: row.id,
    state: keyState(row, now),
    enrolledBy: row.enrolledBy as KeyEnrolment,
  }));
}

export type ProfileView = Pick<
  Account,
  "handle" | "displayName" | "bio" | "websiteUrl" | "roles" | "createdAt"
> & { accountId: string; isSuspended: boolean };

/**
 * The public profile under a handle, or null; a handle that was given up leads to its account's present one. A
 * suspended account shows that it is, and neither text nor link of its own.
 */
export async function findProfile(handle: string): Promise<ProfileView | null> {
  const past = await db.pastHandle.findUnique({ where: { handle } });
  const row =
    (await db.account.findUnique({ where: { handle } })) ??
    (past && (await db.account.findUnique({ where: { id: past.accountId } })));
  if (!row) return null;
  const isSuspended = row.status === "suspended";
  return {
    ...pick(row, ["handle", "displayName", "bio", "websiteUrl", "roles", "createdAt"]),
    ...(isSuspended && { bio: "", websiteUrl: null, roles: [] }),
    accountId: row.id,
    isSuspended,
  };
}

/** Whether a mailed link still works, whether it belongs to the actor, and what it asks for. Uses nothing up. */
export async function findLink(
  actor: Actor | null,
  token: string,
  purpose: EmailTokenPurpose,
): Promise<{ isOwn: boolean; step: AskedStep } | null> {
  const account = await findTokenAccount(db, token, purpose, await currentTime());
  if (!account) return null;
  return { isOwn: account.id === actor?.accountId, step: await getAskedStep(account.id) };
}

export type AccountRowView = Pick<Account, "handle" | "displayName" | "roles" | "createdAt"> & {
  isVerified: boolean;
  isSuspended: boolean;
  /** Roles that wait for a second factor. */
  sleepingRoles: RoleName[];
  hasSecondFactor: boolean;
  removal: RemovalView | null;
};

const SEARCH_LIMIT = 50;

function standingOf(row: Account & { secondFactors: unknown[] }) {
  const hasSecondFactor = row.secondFactors.length > 0;
  const { sleepingRoles } = wakeRoles(row.roles, {
    hasSecondFactor,
    isExempt: isExempt(row, env().OFFCUT_DEMO),
  });
  return { hasSecondFactor, sleepingRoles };
}

/** Accounts by a piece of handle or name, for administrators; without words those who hold a role. */
export async function searchAccounts(actor: Actor, words: string): Promise<AccountRowView[]> {
  requireRole(actor, "administrator");
  const q = words.trim();
  const rows = await db.account.findMany({
    where: q
      ? {
          OR: [
            { handle: { contains: q.toLowerCase() } },
            { displayName: { contains: q, mode: "insensitive" } },
          ],
        }
      : { roles: { isEmpty: false } },
    orderBy: { handle: "asc" },
    take: SEARCH_LIMIT,
    include: { secondFactors: { where: confirmedFactor, take: 1 }, factorRemovals: { where: openRemoval } },
  });
  return rows.map((row) => ({
    ...pick(row, ["handle", "displayName", "roles", "createdAt"]),
    ...standingOf(row),
    removal: removalView(actor, row.factorRemovals[0]),
    isVerified: row.emailVerifiedAt !== null,
    isSuspended: row.status === "suspended",
  }));
}
