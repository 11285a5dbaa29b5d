import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import type { Client } from "../client";
import {
  effectiveAtOf,
  enrolmentText,
  keyIsValidAt,
  keyMaySign,
  type KeyEnrolment,
  type KeyKind,
} from "../key";
import { limits, requireRoom } from "../limits";
import { lockKey } from "../records/key-register";
import { hasSigned, type PublicKey, publicKeyOf } from "../key-signature";
import { keyEnrolledMail } from "../mails";
import type {
  approveKeyInput,
  enrolCommandLineKeyInput,
  enrolKeyByKeyInput,
  enrolKeyByPasswordInput,
  enrolKeyInput,
  revokeKeyInput,
} from "../schemas";
import { reauthenticate } from "./reauthenticate";

type NewKey = z.infer<typeof enrolKeyInput>;

/** The key, once it has shown that the account holds its private half. */
function provenKey(actor: Actor, input: NewKey): PublicKey {
  const key = publicKeyOf(input.spki);
  const isProven = hasSigned(key.spki, enrolmentText(actor.accountId, key.keyId), input.proof);
  refuseUnless(isProven, "key_unproven", "The key did not sign its own enrolment.");
  return key;
}

/** Locks the account's row, so that enrolments of one account happen one after another. */
async function lockKeysOf(tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM "Account" WHERE id = ${accountId} FOR UPDATE`;
  return tx.signingKey.findMany({ where: { accountId } });
}

async function addKey(
  tx: Tx,
  actor: Actor,
  key: PublicKey,
  facts: { label: string; kind: KeyKind; enrolledBy: KeyEnrolment; vouchedById?: string },
): Promise<void> {
  const now = await currentTime(tx);
  const account = await tx.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  // Everybody who tries a demo signs in its accounts, each with a key of their own browser.
  if (!(account.isDemo && env().OFFCUT_DEMO)) await requireRoomForKey(tx, account.id);
  const taken = await tx.signingKey.createMany({
    data: [
      {
        id: key.keyId,
        accountId: actor.accountId,
        spki: key.spki,
        isDemo: account.isDemo,
        enrolledAt: now,
        effectiveAt: effectiveAtOf(facts.enrolledBy, now),
        ...facts,
      },
    ],
    skipDuplicates: true,
  });
  refuseUnless(taken.count === 1, "key_taken", "This key belongs to another account.");
  if (facts.enrolledBy === "reauthentication") {
    const mail = keyEnrolledMail(account.displayName, facts.label, env().APP_ORIGIN);
    await enqueueMail(tx, `key-enrolled:${key.keyId}`, { to: account.email, ...mail });
  }
  await audit(tx, actor, "key.enrolled", key.keyId, facts);
}

/** The caller has locked the account's keys. */
async function requireRoomForKey(tx: Tx, accountId: string): Promise<void> {
  const keys = await tx.signingKey.groupBy({
    by: ["accountId"],
    where: { accountId },
    _count: { _all: true, revokedAt: true },
  });
  const { _all = 0, revokedAt = 0 } = keys[0]?._count ?? {};
  const { keysInForce } = limits;
  requireRoom(_all - revokedAt, keysInForce, `You have ${keysInForce} keys. Revoke one first.`);
  requireRoom(
    _all,
    limits.keys,
    `You have enrolled ${limits.keys} keys, the revoked ones among them. Ask the operator.`,
  );
}

async function audit(tx: Tx, actor: Actor, action: string, keyId: string, details: Record<string, string>) {
  await recordAudit(tx, { actorId: actor.accountId, action, subject: ["signing_key", keyId], details });
}

function refuseRevoked(key: { revokedAt: Date | null }): void {
  refuseUnless(!key.revokedAt, "key_revoked", "This key was revoked and cannot come back. Use a new one.");
}

/**
 * Enrols the key of a browser, without a question, when the account never had any, or is a demo account: it counts
 * at once. The same key again changes nothing. Refuses with `key_needs_approval` when the account has other keys, and
 * with `key_waiting` while this one does not count yet.
 */
export async function enrolFirstDeviceKey(actor: Actor, input: NewKey): Promise<void> {
  const key = provenKey(actor, input);
  await inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const same = keys.find((one) => one.id === key.keyId);
    if (same) return refuseUnlessInForce(same, await currentTime(tx));
    const { isDemo } = await tx.account.findUniqueOrThrow({ where: { id: actor.accountId } });
    refuseUnless(
      keys.length === 0 || (isDemo && env().OFFCUT_DEMO),
      "key_needs_approval",
      "Another device signs for you already. Enrol this one on your account page first.",
    );
    const enrolledBy = keys.length === 0 ? "first_key" : "demo_account";
    await addKey(tx, actor, key, { label: input.label, kind: "device", enrolledBy });
  });
}

function refuseUnlessInForce(key: { effectiveAt: Date; revokedAt: Date | null }, now: Date): void {
  refuseRevoked(key);
  refuseUnless(
    keyIsValidAt(key, now),
    "key_waiting",
    "This device was enrolled less than 24 hours ago and does not sign yet. Approve it from another device to go on now.",
  );
}

/**
 * Enrols the key of a browser after re-authentication. The owner gets a mail, and signatures count from
 * 24 hours later, or from when an existing key approves it.
 */
export async function enrolKeyByPassword(
  actor: Actor,
  input: z.infer<typeof enrolKeyByPasswordInput>,
  client: Client,
): Promise<{ message: string }> {
  const key = provenKey(actor, input);
  await reauthenticate(actor, input, client);
  await inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const same = keys.find((one) => one.id === key.keyId);
    if (same) return refuseRevoked(same);
    await addKey(tx, actor, key, { label: input.label, kind: "device", enrolledBy: "reauthentication" });
  });
  return { message: "This device is enrolled. Its signatures count from 24 hours from now." };
}

/**
 * Enrols a key of the command line from the request that it printed and signed, after the password was typed again. As
 * the account's first key, or in a demo account whose password is public, it counts at once; otherwise the owner gets a
 * mail and its signatures count 24 hours later, or from when a key in force approves it.
 */
export async function enrolCommandLineKey(
  actor: Actor,
  { request, accountPassword, code, passkey }: z.infer<typeof enrolCommandLineKeyInput>,
  client: Client,
): Promise<{ message: string }> {
  const key = provenKey(actor, request);
  const proof = { password: accountPassword, code, passkey };
  const { isDemo } = await reauthenticate(actor, proof, client, "accountPassword");
  return inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const same = keys.find((one) => one.id === key.keyId);
    if (same) refuseRevoked(same);
    const again: KeyEnrolment = isDemo && env().OFFCUT_DEMO ? "demo_account" : "reauthentication";
    const enrolledBy = keys.length === 0 ? "first_key" : again;
    if (!same) await addKey(tx, actor, key, { label: request.label, kind: "command_line", enrolledBy });
    const now = await currentTime(tx);
    const isInForce = same ? keyIsValidAt(same, now) : enrolledBy !== "reauthentication";
    return { message: isInForce ? COMMAND_LINE_SIGNS : COMMAND_LINE_WAITS };
  });
}

const COMMAND_LINE_SIGNS = "The key is enrolled and signs from now on.";
const COMMAND_LINE_WAITS =
  "The key is enrolled. Its signatures count from 24 hours after that, or from when you approve it with a device that signs.";

/** The existing key that vouches, once its signature over the other key's enrolment is checked. */
async function requireVoucher(
  tx: Tx,
  actor: Actor,
  keys: readonly { id: string; kind: KeyKind; spki: Uint8Array; effectiveAt: Date; revokedAt: Date | null }[],
  voucher: { byKeyId: string; signature: string; forKeyId: string },
): Promise<void> {
  const now = await currentTime(tx);
  const by = keys.find((one) => one.id === voucher.byKeyId);
  const canVouch =
    by && by.id !== voucher.forKeyId && keyMaySign(by.kind, "statement") && keyIsValidAt(by, now);
  refuseUnless(canVouch, "key_not_in_force", "The approving key is not in force for this account.");
  const text = enrolmentText(actor.accountId, voucher.forKeyId);
  refuseUnless(
    hasSigned(by.spki, text, voucher.signature),
    "key_unproven",
    "The approving key did not sign this.",
  );
}

/** Enrols a key for which a key in force vouches by its signature; it counts at once. */
export async function enrolKeyByKey(
  actor: Actor,
  input: z.infer<typeof enrolKeyByKeyInput>,
): Promise<{ message: string }> {
  const key = provenKey(actor, input);
  await inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const same = keys.find((one) => one.id === key.keyId);
    if (same) return refuseRevoked(same);
    await requireVoucher(tx, actor, keys, { ...input, forKeyId: key.keyId });
    const { label, kind, byKeyId: vouchedById } = input;
    await addKey(tx, actor, key, { label, kind, enrolledBy: "existing_key", vouchedById });
  });
  return { message: "The key is enrolled and signs from now on." };
}

/** Lets a waiting key count from now on, because a key in force vouches for it. */
export async function approveKey(
  actor: Actor,
  input: z.infer<typeof approveKeyInput>,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const waiting = keys.find((one) => one.id === input.keyId);
    if (!waiting) throw notFoundError("key");
    refuseRevoked(waiting);
    await requireVoucher(tx, actor, keys, { ...input, forKeyId: waiting.id });
    await lockKey(tx, waiting.id);
    const now = await currentTime(tx);
    if (keyIsValidAt(waiting, now)) return;
    await tx.signingKey.update({
      where: { id: waiting.id },
      data: { effectiveAt: now, enrolledBy: "existing_key", vouchedById: input.byKeyId },
    });
    await audit(tx, actor, "key.approved", waiting.id, { byKeyId: input.byKeyId });
  });
  return { message: "Approved. That device signs from now on." };
}

/** Revokes one of the actor's keys for ever, from now on; what it signed before stays valid. */
export async function revokeKey(
  actor: Actor,
  { keyId }: z.infer<typeof revokeKeyInput>,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const keys = await lockKeysOf(tx, actor.accountId);
    const key = keys.find((one) => one.id === keyId);
    if (!key) throw notFoundError("key");
    if (key.revokedAt) return;
    await lockKey(tx, key.id);
    await tx.signingKey.update({ where: { id: key.id }, data: { revokedAt: await currentTime(tx) } });
    await audit(tx, actor, "key.revoked", key.id, { label: key.label });
  });
  return { message: "Revoked. What this key signed before stays valid." };
}
