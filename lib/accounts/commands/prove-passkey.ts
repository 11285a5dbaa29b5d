import "server-only";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { type Holder, takeChallenge } from "./challenge";

export type RelyingParty = { origin: string; rpId: string };

/** For whom passkeys are made: the host of this installation's address. */
export function relyingParty(): RelyingParty {
  const origin = env().APP_ORIGIN;
  return { origin, rpId: new URL(origin).hostname };
}

export function unprovenPasskey(): DomainError {
  return new DomainError(
    "passkey_unproven",
    "This passkey was not accepted. Try again, or use another way to sign in.",
  );
}

type Answer = { id?: string; response?: { clientDataJSON?: string; userHandle?: string } };

/**
 * What a browser answered, and the challenge it says it answers. Throws `passkey_unproven` for anything unreadable, and
 * for an answer from a frame in another site's page, which the library takes.
 */
export function readAnswer(json: string): { answer: Answer; challenge: string } {
  try {
    const answer = JSON.parse(json) as Answer;
    const said = decodeClientDataJSON(answer.response?.clientDataJSON ?? "");
    if (!said.crossOrigin) return { answer, challenge: String(said.challenge) };
  } catch {
    // Answered below, like a frame.
  }
  throw unprovenPasskey();
}

/**
 * Checks a passkey's answer to a challenge of this holder and notes its use; the user was verified by the device.
 * Returns whose passkey it is. Throws `passkey_unproven`, the same for an unknown passkey, a wrong signature, a used
 * or foreign challenge, and a counter that went back.
 */
export async function provePasskey(json: string, holder: Holder): Promise<{ accountId: string }> {
  const { answer, challenge } = readAnswer(json);
  const isAsked = await takeChallenge(holder, "prove", challenge);
  const passkey = await db.secondFactor.findUnique({ where: { credentialId: String(answer.id) } });
  if (!isAsked || !passkey?.publicKey || passkey.counter === null) throw unprovenPasskey();
  const { userHandle } = answer.response ?? {};
  if (userHandle && userHandle !== userHandleOf(passkey.accountId)) throw unprovenPasskey();
  const { origin, rpId } = relyingParty();
  const verified = await verifyAuthenticationResponse({
    response: answer as Parameters<typeof verifyAuthenticationResponse>[0]["response"],
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: String(answer.id),
      publicKey: new Uint8Array(passkey.publicKey),
      counter: Number(passkey.counter),
    },
  }).catch((error: unknown) => {
    log.info({ reason: String(error) }, "passkey refused");
    return null;
  });
  if (!verified?.verified) throw unprovenPasskey();
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  const used = await db.secondFactor.updateMany({
    where: { id: passkey.id, counter: newCounter === 0 ? 0 : { lt: newCounter } },
    data: { counter: newCounter, isBackedUp: credentialBackedUp, lastUsedAt: new Date() },
  });
  if (used.count !== 1) throw unprovenPasskey();
  return { accountId: passkey.accountId };
}

/** The name under which an authenticator keeps an account: its id, which tells nothing. */
export function userHandleOf(accountId: string): string {
  return Buffer.from(accountId).toString("base64url");
}
