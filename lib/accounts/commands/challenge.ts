import "server-only";
import { randomBytes } from "node:crypto";
import { db } from "@/lib/platform/db";
import type { PasskeyPurpose } from "@/prisma/generated/client";
import { STEP_LIFE_SECONDS } from "../second-factor";

/** Who is asked: one session, or one sign-in between its steps. */
export type Holder = { sessionId: string } | { attemptId: string };

/** Makes a challenge of 256 random bits for one holder and one purpose; it can be answered once within five minutes. */
export async function openChallenge(
  holder: Holder,
  purpose: PasskeyPurpose,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(randomBytes(32));
  const challenge = Buffer.from(bytes).toString("base64url");
  const expiresAt = new Date(Date.now() + STEP_LIFE_SECONDS * 1000);
  await db.passkeyChallenge.create({ data: { ...holder, challenge, purpose, expiresAt } });
  return bytes;
}

/** Uses a challenge up; false when this holder has no such one, or not any more. */
export async function takeChallenge(
  holder: Holder,
  purpose: PasskeyPurpose,
  challenge: string,
): Promise<boolean> {
  const { count } = await db.passkeyChallenge.deleteMany({
    where: { ...holder, challenge, purpose, expiresAt: { gt: new Date() } },
  });
  return count === 1;
}
