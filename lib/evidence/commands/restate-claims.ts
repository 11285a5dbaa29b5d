import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { confirmSellersShares } from "@/lib/catalogue/commands/contributor-shares";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { lockListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import type { Prisma } from "@/prisma/generated/client";
import {
  type ClaimDraft,
  type KeptClaim,
  changesOfClaims,
  claimStatement,
  claimsOf,
  contentOf,
} from "../claim";
import { type ClaimRecord, leadingEnvelope, listStandingClaims, readStatedListing } from "../records/claims";
import { subjectOfVersion } from "../evaluation-to-sign";
import type { AgreedBy } from "@/lib/statements/kinds/field";
import { revocationStatement } from "@/lib/statements/kinds/revocation";
import { openPlatformKey, signWith } from "./platform-key";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { askContributor } from "./ask-contributor";
import { recordEnvelope } from "./record-envelope";
import { stateRole } from "./state-role";

/** How a seller speaks: with a key that is at hand, or by the platform's word for them. */
export type ClaimVoice =
  | { method: "device_key"; sign: (payload: Uint8Array) => Promise<string> }
  | { method: "session"; session: string };

/**
 * Makes the statements of a listing say what its rows say, in the caller's transaction: what is new is stated, what
 * changed is stated anew and names what it replaces, and what is no longer stated is withdrawn. What stays the same,
 * of the same files, is left as it was signed. Before all that, the log says who sells these files. Called twice it
 * does nothing the second time. How many were stated.
 *
 * A contribution of the seller's own is confirmed by stating it. Throws what `recordEnvelope` throws.
 */
export async function restateClaims(tx: Tx, listingId: string, voice: ClaimVoice): Promise<number> {
  const listing = await lockListing(tx, listingId);
  const version = await getVersion(listing.versionId, tx);
  const subject = subjectOfVersion(version);
  const seller = { accountId: listing.sellerId, role: "seller" as const, sells: subject.sha256 };
  await stateRole(tx, seller, true, recordEnvelope);
  const standing = await listStandingClaims(tx, listingId);
  const drafts = claimsOf(await readStatedListing(tx, listing));
  const { fresh, replaced, ended } = changesOfClaims(standing, drafts, subject.sha256);
  const now = await currentTime(tx);
  const facts = {
    listingId,
    sellerId: listing.sellerId,
    versionId: version.id,
    subject,
    statedAt: now,
  };
  const erased = await listErased(tx, ended);
  for (const claim of ended) await withdrawClaim(tx, claim, erased, voice, now);
  for (const draft of fresh) await restateClaim(tx, { ...facts, draft, replaced: null }, voice);
  for (const { kept, draft } of replaced) {
    await endClaim(tx, kept.id, now);
    await restateClaim(tx, { ...facts, draft, replaced: kept }, voice);
  }
  await confirmSellersShares(tx, listingId, listing.sellerId);
  return fresh.length + replaced.length;
}

type NewClaim = {
  listingId: string;
  sellerId: string;
  versionId: string;
  subject: { name: string; sha256: string };
  statedAt: Date;
  draft: ClaimDraft;
  replaced: ClaimRecord | null;
};

async function restateClaim(tx: Tx, facts: NewClaim, voice: ClaimVoice): Promise<void> {
  const { draft, replaced, subject, ...rest } = facts;
  const nameSalt = draft.name === null ? null : randomBytes(32).toString("hex");
  const claim: KeptClaim & { versionId: string } = {
    ...rest,
    id: randomUUID(),
    kind: draft.kind,
    key: draft.key,
    content: contentOf(draft, nameSalt),
    subjectName: subject.name,
    subjectSha256: subject.sha256,
    nameSalt,
    replaces: replaced && (leadingEnvelope(replaced)?.envelopeSha256 ?? null),
  };
  await tx.claim.create({
    data: { ...claim, content: claim.content as Prisma.InputJsonObject, replacesId: replaced?.id ?? null },
  });
  await keepEnvelope(tx, claim, "stated", voice, (agreedBy) => claimStatement(claim, agreedBy));
  await askContributor(tx, claim);
}

/** Which statements of these claims were erased by law. */
async function listErased(tx: Tx, claims: readonly ClaimRecord[]): Promise<Set<string>> {
  const envelopes = claims.flatMap((claim) => claim.envelopes.map(({ envelopeSha256 }) => envelopeSha256));
  if (envelopes.length === 0) return new Set();
  const rows = await tx.erasedEnvelope.findMany({ where: { sha256: { in: envelopes } } });
  return new Set(rows.map(({ sha256 }) => sha256));
}

async function withdrawClaim(
  tx: Tx,
  claim: ClaimRecord,
  erased: ReadonlySet<string>,
  voice: ClaimVoice,
  now: Date,
): Promise<void> {
  for (const { envelopeSha256, stance } of claim.envelopes) {
    // What was erased by law has a tombstone in place of a withdrawal.
    if (stance !== "stated" || erased.has(envelopeSha256)) continue;
    await keepEnvelope(tx, claim, "withdrawn", voice, (agreedBy) =>
      revocationStatement(
        {
          signer: { role: "account", account: claim.sellerId },
          ...(agreedBy ? { agreedBy } : {}),
          withdraws: envelopeSha256,
          reason: "The listing no longer states this.",
          at: now.toISOString(),
        },
        [claim.subjectSha256],
      ),
    );
  }
  await endClaim(tx, claim.id, now);
}

async function endClaim(tx: Tx, claimId: string, endedAt: Date): Promise<void> {
  await tx.claim.update({ where: { id: claimId }, data: { endedAt } });
}

async function keepEnvelope(
  tx: Tx,
  claim: KeptClaim,
  stance: "stated" | "withdrawn",
  voice: ClaimVoice,
  statementOf: (agreedBy: AgreedBy | undefined) => Statement,
): Promise<void> {
  const statement = statementOf(agreementOf(voice));
  const text =
    voice.method === "device_key"
      ? await voice.sign(statementBytes(statement))
      : await signWith(await openPlatformKey(tx), statementBytes(statement));
  const { sha256 } = await recordEnvelope(tx, text);
  await tx.claimEnvelope.create({
    data: {
      envelopeSha256: sha256,
      claimId: claim.id,
      stance,
      method: voice.method,
      accountId: claim.sellerId,
      createdAt: await currentTime(tx),
    },
  });
}

function agreementOf(voice: ClaimVoice): AgreedBy | undefined {
  return voice.method === "session" ? { method: "session", session: voice.session } : undefined;
}
