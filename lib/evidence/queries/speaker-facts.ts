import "server-only";
import { findLoggedLeaf } from "@/lib/log/queries";
import { db } from "@/lib/platform/db";
import { toHex } from "@/lib/shared/encoding";
import { kindOf, speakerOf } from "@/lib/statements/kinds";
import { keyKind } from "@/lib/statements/kinds/key";
import { subjectsOf } from "@/lib/statements/register";
import { leavesOfEnvelopes } from "../commands/submit-envelope";
import { statementOf } from "../logged-entry";
import { findBundle } from "./bundle";

/** More entries than this are never about one speaker: a statement has at most 1,000 subjects. */
const MAX_FACTS = 1_100;

/**
 * Bundles of what the published log holds of who speaks in a leaf: what happened to the keys that signed, the roles of
 * the account, and what the statement answers, replaces or takes back. Null where the leaf is not published, and empty where
 * its text was erased.
 */
export async function findSpeakerFacts(leafHash: string): Promise<string[] | null> {
  const leaf = await findLoggedLeaf(leafHash);
  if (!leaf) return null;
  const row = await db.envelope.findUnique({ where: { sha256: leaf.envelopeSha256 } });
  const statement = row && statementOf(row.body)?.statement;
  if (!row || !statement) return [];
  const { named, replaces } = kindOf(statement.predicateType)?.capacityOf(statement) ?? {};
  const [other, replaced] = [await findKept(named), await findKept(replaces)];
  const about = subjectsOf(statement, {}, (other && statementOf(other.body)?.statement) ?? undefined);
  const speaker = speakerOf(statement);
  const roles = speaker?.by === "account" ? await listRoles(speaker.accountId, about) : [];
  const first = await listStated([row.keyId, ...roles.map(({ keyId }) => keyId)]);
  // Whoever signed these is the platform, whose own key is stated as well.
  const keys = await listStated([
    row.keyId,
    ...first.map(({ keyId }) => keyId),
    ...roles.map(({ keyId }) => keyId),
  ]);
  const spokenOf = [other, replaced].filter((one) => one !== null);
  const facts = [...keys, ...roles, ...spokenOf].map(({ sha256 }) => sha256);
  return bundlesOf([...new Set(facts)].slice(0, MAX_FACTS));
}

async function findKept(sha256: string | undefined) {
  return sha256 === undefined ? null : db.envelope.findUnique({ where: { sha256 } });
}

async function listRoles(accountId: string, subjects: readonly string[]) {
  const rows = await db.statedRole.findMany({
    where: { accountId, sells: { in: ["", ...subjects] } },
    select: { envelopeSha256: true },
  });
  const sha256 = { in: rows.map(({ envelopeSha256 }) => envelopeSha256) };
  return db.envelope.findMany({ where: { sha256 }, select: { sha256: true, keyId: true } });
}

/** What is stated of these keys. */
async function listStated(keyIds: readonly string[]) {
  return db.envelope.findMany({
    where: { predicateType: keyKind.predicateType, subjects: { hasSome: [...new Set(keyIds)] } },
    select: { sha256: true, keyId: true },
  });
}

/** Those that are published; what is not yet cannot come before what is. */
async function bundlesOf(envelopes: readonly string[]): Promise<string[]> {
  const leaves = await leavesOfEnvelopes(db, envelopes);
  const bundles = await Promise.all([...leaves.values()].map(({ hash }) => findBundle(toHex(hash))));
  return bundles.flatMap((bundle) => (bundle === null || bundle === "payload_unavailable" ? [] : [bundle]));
}
