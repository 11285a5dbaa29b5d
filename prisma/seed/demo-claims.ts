import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { stanceStatement, contributorOf } from "@/lib/evidence/claim";
import {
  contributorsStance,
  leadingEnvelope,
  listStandingContributions,
} from "@/lib/evidence/records/claims";
import { takeStance } from "@/lib/evidence/commands/take-stance";
import { type ClaimVoice, restateClaims } from "@/lib/evidence/commands/restate-claims";
import { openHeldKey } from "@/lib/evidence/commands/held-key";
import { signWith } from "@/lib/evidence/commands/platform-key";
import { statementBytes } from "@/lib/statements/statement";
import { currentTime } from "@/lib/platform/clock";
import { db, type Tx } from "@/lib/platform/db";

/** Signs with the key that this installation made and holds for a demo house; its label says so. */
export async function signAsHouse(house: Actor): Promise<(payload: Uint8Array) => Promise<string>> {
  const key = await openHeldKey({
    name: house.handle,
    accountId: house.accountId,
    label: `${house.displayName}: key held by this demo installation`,
  });
  return (payload) => signWith(key, payload);
}

/**
 * States what a demo listing says. A house signs with its held key; a demo person has none, so that their own browser
 * makes the first, and signs the claims when somebody tries it.
 */
export async function stateDemoClaims(
  tx: Tx,
  listingId: string,
  seller: Actor,
  isHouse: boolean,
): Promise<void> {
  const voice: ClaimVoice = isHouse
    ? { method: "device_key", sign: await signAsHouse(seller) }
    : { method: "session", session: "demo installation" };
  await restateClaims(tx, listingId, voice);
}

/** Every house confirms, with its held key, what demo listings say of it and it has not answered yet. */
export async function confirmHouses(houses: readonly Actor[]): Promise<void> {
  for (const claim of await listStandingContributions(db)) {
    const house = houses.find(({ accountId }) => accountId === contributorOf(claim));
    const stated = leadingEnvelope(claim);
    if (!house || !stated || house.accountId === claim.sellerId || contributorsStance(claim)) continue;
    const sign = await signAsHouse(house);
    const answer = { stance: "confirmed" as const, answers: stated.envelopeSha256, at: await currentTime() };
    const envelope = await sign(statementBytes(stanceStatement(claim, answer)));
    await takeStance(house, { claimId: claim.id, stance: "confirmed", envelope });
  }
}
