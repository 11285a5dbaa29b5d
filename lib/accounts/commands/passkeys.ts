import "server-only";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { z } from "zod";
import { db } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { refuseUnless } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import type { Client } from "../client";
import type { addPasskeyInput, offerEnrolmentInput } from "../schemas";
import { STEP_LIFE_SECONDS } from "../second-factor";
import { addFactor, refuseExempt } from "./add-factor";
import { countStep } from "./attempts";
import { type Holder, openChallenge, takeChallenge } from "./challenge";
import { readAnswer, relyingParty, unprovenPasskey, userHandleOf } from "./prove-passkey";
import { reauthenticate } from "./reauthenticate";
import { findAttempt, openAttempt } from "./sign-in-attempt";

/** ES256, EdDSA and RS256: the same on every runtime, whatever else its cryptography knows. */
const ALGORITHMS = [-7, -8, -257];

/** What a browser's passkey is asked to sign; never a secret. */
type Offer = { values: { options: string } };

async function credentialsOf(accountId: string) {
  const passkeys = await db.secondFactor.findMany({ where: { accountId, kind: "passkey" } });
  return passkeys.flatMap(({ credentialId, transports }) =>
    credentialId ? [{ id: credentialId, transports }] : [],
  );
}

async function offer(holder: Holder, accountId: string | null): Promise<Offer> {
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().rpId,
    challenge: await openChallenge(holder, "prove"),
    allowCredentials: accountId ? await credentialsOf(accountId) : undefined,
    userVerification: "required",
    timeout: STEP_LIFE_SECONDS * 1000,
  });
  return { values: { options: JSON.stringify(options) } };
}

/** Asks the actor's passkeys to prove themselves again, in this session. */
export async function offerPasskey(actor: Actor, _input: object, client: Client): Promise<Offer> {
  await countStep(client.ip);
  if (!actor.sessionId) throw unprovenPasskey();
  return offer({ sessionId: actor.sessionId }, actor.accountId);
}

/**
 * Asks for a passkey at a sign-in or a reset: those of the account whose password was right, or any that this site
 * made, for a sign-in without a password.
 */
export async function offerSignInPasskey(
  _actor: Actor | null,
  _input: object,
  client: Client,
): Promise<Offer> {
  await countStep(client.ip);
  const begun = await findAttempt(await client.attemptSecret());
  if (begun) return offer({ attemptId: begun.id }, begun.accountId);
  const { attemptId, secret } = await openAttempt(db, { accountId: null, next: "" });
  await client.keepAttempt(secret);
  return offer({ attemptId }, null);
}

/** Asks a device to make a passkey for the actor, who has re-authenticated. Throws what `reauthenticate` throws. */
export async function offerEnrolment(
  actor: Actor,
  input: z.infer<typeof offerEnrolmentInput>,
  client: Client,
): Promise<Offer> {
  const account = await reauthenticate(actor, input, client);
  refuseExempt(account);
  if (!actor.sessionId) throw unprovenPasskey();
  const options = await generateRegistrationOptions({
    rpName: "Offcut",
    rpID: relyingParty().rpId,
    userName: account.email,
    userDisplayName: account.displayName,
    userID: new Uint8Array(Buffer.from(userHandleOf(account.id), "base64url")),
    challenge: await openChallenge({ sessionId: actor.sessionId }, "enrol"),
    excludeCredentials: await credentialsOf(account.id),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
    timeout: STEP_LIFE_SECONDS * 1000,
  });
  return { values: { options: JSON.stringify(options) } };
}

/** Adds the passkey that a device made. The first factor comes with recovery codes. Throws `passkey_unproven`, `factor_taken`. */
export async function addPasskey(
  actor: Actor,
  { label, passkey }: z.infer<typeof addPasskeyInput>,
): Promise<{ message: string; shownOnce?: string[] }> {
  const { credential, isBackedUp } = await verifyEnrolment(actor, passkey);
  const shownOnce = await addFactor(actor, async (tx, now) => {
    const added = await tx.secondFactor.createMany({
      data: [
        {
          ...{ accountId: actor.accountId, kind: "passkey", label, createdAt: now, confirmedAt: now },
          credentialId: credential.id,
          publicKey: new Uint8Array(credential.publicKey),
          counter: credential.counter,
          transports: credential.transports ?? [],
          isBackedUp,
        },
      ],
      skipDuplicates: true,
    });
    refuseUnless(added.count === 1, "factor_taken", "This passkey is added already.");
    return { kind: "passkey", label };
  });
  return { message: `“${label}” is added.`, shownOnce };
}

async function verifyEnrolment(actor: Actor, json: string) {
  const { answer, challenge } = readAnswer(json);
  const isAsked =
    actor.sessionId && (await takeChallenge({ sessionId: actor.sessionId }, "enrol", challenge));
  if (!isAsked) throw unprovenPasskey();
  const { origin, rpId } = relyingParty();
  const verified = await verifyRegistrationResponse({
    response: answer as Parameters<typeof verifyRegistrationResponse>[0]["response"],
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    log.info({ reason: String(error) }, "passkey refused");
    return null;
  });
  if (!verified?.verified) throw unprovenPasskey();
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return { credential, isBackedUp: credentialBackedUp };
}
