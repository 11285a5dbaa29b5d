import "server-only";
import type { Tx } from "@/lib/platform/db";

/** A signing key with what its account may do. */
export type Signer = {
  keyId: string;
  effectiveAt: Date;
  revokedAt: Date | null;
  isActive: boolean;
  isVerified: boolean;
  isEvaluator: boolean;
  /** Something happened to the key that has no statement yet. */
  hasUnstated: boolean;
};

/** Locks the keys, in one order for everybody: nobody revokes or approves them until the transaction ends. */
export async function lockSigners(tx: Tx, keyIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM "SigningKey" WHERE id = ANY(${[...keyIds]}::text[]) ORDER BY id FOR UPDATE`;
}

/** Whether the account is an evaluator, which nobody changes until the transaction ends. */
export async function holdEvaluator(tx: Tx, accountId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isEvaluator: boolean }[]>`
    SELECT 'evaluator' = ANY(roles::text[]) AS "isEvaluator" FROM "Account" WHERE id = ${accountId} FOR SHARE`;
  return row?.isEvaluator ?? false;
}

/** The keys with what their accounts may do, to be read after they were locked. One query for any number. */
export async function listSigners(tx: Tx, keyIds: readonly string[]): Promise<Signer[]> {
  return tx.$queryRaw<Signer[]>`
    SELECT key.id AS "keyId", key."effectiveAt", key."revokedAt",
      coalesce(account.status = 'active', false) AS "isActive",
      account."emailVerifiedAt" IS NOT NULL AS "isVerified",
      coalesce('evaluator' = ANY(account.roles::text[]), false) AS "isEvaluator",
      EXISTS (SELECT 1 FROM "KeyEvent" WHERE "keyId" = key.id AND "envelopeSha256" IS NULL) AS "hasUnstated"
    FROM "SigningKey" AS key LEFT JOIN "Account" AS account ON account.id = key."accountId"
    WHERE key.id = ANY(${[...keyIds]}::text[])`;
}
