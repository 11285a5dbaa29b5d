import "server-only";
import { listSigners, lockSigners } from "@/lib/accounts/records/signers";
import { currentTime } from "@/lib/platform/clock";
import type { Tx, db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { toHex } from "@/lib/shared/encoding";
import { kindOf } from "@/lib/statements/kinds";
import { subjectsOf } from "@/lib/statements/register";
import { lookedUpBy } from "@/lib/statements/looked-up-by";
import { leavesOfEnvelopes } from "./submit-envelope";
import { submitLeaves } from "@/lib/log/commands";
import { requireAcceptedFromOutside } from "../outside-policy";
import { type Offer, listStatedOffers, offerKey } from "../records/stated-roles";
import { requirePast } from "../signed-statement";
import { requireKeyInForce } from "../signer-policy";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { erasedError, findErased } from "./find-erased";
import type { HandedIn, Submission } from "./record-from-outside";

/** What came of one of many: where it is, why it is refused, or that it must be recorded by itself. */
export type Recorded = HandedIn | DomainError | "alone";

/**
 * Records many verified submissions in the caller's transaction, by the same rules as `recordEnvelope` and in a fixed
 * number of queries. Their keys cannot be revoked until it ends. Writes nothing for one that is refused.
 */
export async function recordTogether(tx: Tx, submissions: readonly Submission[]): Promise<Recorded[]> {
  const keyIds = [...new Set(submissions.map(({ keyId }) => keyId))];
  await lockSigners(tx, keyIds);
  const signers = new Map((await listSigners(tx, keyIds)).map((signer) => [signer.keyId, signer]));
  const now = await currentTime(tx);
  const same = await findSameStatements(tx, submissions);
  const fresh = new Map<string, Submission & { sha256: string }>();
  const stated = await listStatedOffers(tx, submissions.flatMap(offeredIn));
  const outcomes = submissions.map((submission, at): Recorded => {
    const known = same[at] ?? handedIn(fresh.get(statementKey(submission)));
    if (known) return known;
    try {
      const signer = signers.get(submission.keyId) ?? null;
      requireKeyInForce(signer, now);
      requirePast(submission.statement, now);
      requireAcceptedFromOutside(submission.statement, signer);
      // What happened to the key, and what its account is, must be in the log first.
      if (signer.hasUnstated || !isKnownSpeaker(submission, stated)) return "alone";
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
    const recorded = { ...submission, sha256: hexDigest(submission.body) };
    fresh.set(statementKey(submission), recorded);
    return { envelope: recorded.sha256, leafHash: toHex(recorded.leaf.hash) };
  });
  await saveEnvelopes(tx, [...fresh.values()], now);
  return outcomes;
}

/** What a statement says its signer sells or drafts. */
function offeredIn({ statement, signerId }: Submission): Offer[] {
  const capacity = kindOf(statement.predicateType)?.capacityOf(statement);
  if (capacity?.as !== "seller" && capacity?.as !== "drafter") return [];
  return subjectsOf(statement, capacity, undefined).map((sells) => ({ accountId: signerId, sells }));
}

/** Whether the log says already that its signer is all that the statement says; what names another is looked up alone. */
function isKnownSpeaker(submission: Submission, stated: ReadonlySet<string>): boolean {
  const { statement } = submission;
  const capacity = kindOf(statement.predicateType)?.capacityOf(statement) ?? null;
  if (capacity === null) return true;
  if (capacity.as !== "seller" && capacity.as !== "drafter") return false;
  if (capacity.named !== undefined || capacity.replaces !== undefined) return false;
  return offeredIn(submission).every(
    (offer) =>
      stated.has(offerKey(offer, "seller")) ||
      (capacity.as === "drafter" && stated.has(offerKey(offer, "drafter"))),
  );
}

async function saveEnvelopes(
  tx: Tx,
  fresh: readonly (Submission & { sha256: string })[],
  createdAt: Date,
): Promise<void> {
  if (fresh.length === 0) return;
  // One statement for any number; digests are hex, so a space keeps them apart.
  const subjects = fresh.map(({ statement }) => lookedUpBy(statement).join(" "));
  await tx.$executeRaw`
    INSERT INTO "Envelope" (sha256, body, "predicateType", "keyId", subjects, "signerId", "createdAt")
    SELECT sha256, body, type, key, string_to_array(subjects, ' '), signer, ${createdAt}
    FROM unnest(${fresh.map(({ sha256 }) => sha256)}::text[], ${fresh.map(({ body }) => body)}::text[],
      ${fresh.map(({ statement }) => statement.predicateType)}::text[], ${fresh.map(({ keyId }) => keyId)}::text[],
      ${subjects}::text[], ${fresh.map(({ signerId }) => signerId)}::text[])
      AS envelope(sha256, body, type, key, subjects, signer)
    ON CONFLICT DO NOTHING`;
  await submitLeaves(
    tx,
    fresh.map(({ sha256, leaf }) => ({ ...leaf, envelopeSha256: sha256 })),
  );
}

/**
 * For each submission the envelope by which its key made the same statement first; null where there is none, and the
 * refusal `erased` where that one was erased by law, whatever the signature of the new one looks like.
 */
export async function findSameStatements(
  tx: Tx | typeof db,
  submissions: readonly Pick<Submission, "keyId" | "payload" | "leaf">[],
): Promise<(HandedIn | DomainError | null)[]> {
  const [erased, same] = [await findErased(tx, submissions), await findKept(tx, submissions)];
  return submissions.map((_, at) => (erased.has(at) ? erasedError() : (same[at] ?? null)));
}

async function findKept(
  tx: Tx | typeof db,
  submissions: readonly Pick<Submission, "keyId" | "payload">[],
): Promise<(HandedIn | null)[]> {
  const rows = await tx.$queryRaw<{ place: bigint; sha256: string }[]>`
    SELECT DISTINCT ON (wanted.place) wanted.place, envelope.sha256
    FROM unnest(${submissions.map(({ keyId }) => keyId)}::text[],
      ${submissions.map(({ payload }) => `{"payload":"${payload}`)}::text[]) WITH ORDINALITY AS wanted(key, start, place)
    JOIN "Envelope" AS envelope ON envelope."keyId" = wanted.key
      AND md5(split_part(envelope.body, '","payloadType"', 1)) = md5(wanted.start)
      AND starts_with(envelope.body, wanted.start || '","payloadType"')
    ORDER BY wanted.place, envelope."createdAt", envelope.sha256`;
  if (rows.length === 0) return submissions.map(() => null);
  const leaves = await leavesOfEnvelopes(
    tx,
    rows.map(({ sha256 }) => sha256),
  );
  const found = new Map(rows.map(({ place, sha256 }) => [Number(place) - 1, sha256]));
  return submissions.map((_, at) => {
    const sha256 = found.get(at);
    const leaf = sha256 === undefined ? undefined : leaves.get(sha256);
    return sha256 !== undefined && leaf ? { envelope: sha256, leafHash: toHex(leaf.hash) } : null;
  });
}

const statementKey = ({ keyId, payload }: Submission) => `${keyId} ${payload}`;

function handedIn(recorded: (Submission & { sha256: string }) | undefined): HandedIn | null {
  return recorded ? { envelope: recorded.sha256, leafHash: toHex(recorded.leaf.hash) } : null;
}
