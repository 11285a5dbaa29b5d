import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import { type Account, Prisma, type SigningKey } from "@/prisma/generated/client";

/** A signing key as anybody may know it. */
export type ListedKey = Pick<
  SigningKey,
  "id" | "accountId" | "kind" | "spki" | "isDemo" | "effectiveAt" | "revokedAt"
>;

const listed = {
  id: true,
  accountId: true,
  kind: true,
  spki: true,
  isDemo: true,
  effectiveAt: true,
  revokedAt: true,
} as const;

/** Signing keys by their ids; those that are not listed are left out. One query for any number. */
export async function signingKeysById(
  keyIds: Iterable<string>,
  tx: Pick<Tx, "signingKey"> = db,
): Promise<Map<string, ListedKey>> {
  const rows = await tx.signingKey.findMany({
    where: { id: { in: [...new Set(keyIds)] } },
    select: listed,
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export type OwnedKey = ListedKey & {
  /** Null for the platform's own. */
  account: { id: string; displayName: string; handle: string; isEvaluator: boolean } | null;
};

type OwnerRow = Pick<Account, "id" | "displayName" | "handle" | "roles">;

/** The same with whose they are. */
export async function keysWithOwners(
  keyIds: Iterable<string>,
  tx: Pick<Tx, "signingKey"> = db,
): Promise<Map<string, OwnedKey>> {
  const rows = await tx.signingKey.findMany({
    where: { id: { in: [...new Set(keyIds)] } },
    select: { ...listed, account: { select: { id: true, displayName: true, handle: true, roles: true } } },
  });
  return new Map(
    rows.map(({ account, ...key }) => [key.id, { ...key, account: account && ownerOf(account) }]),
  );
}

function ownerOf({ roles, ...account }: OwnerRow): OwnedKey["account"] {
  return { ...account, isEvaluator: roles.includes("evaluator") };
}

/** Which of these accounts have a key, now or before, whose private half this installation keeps. One query for any number. */
export async function accountsWithHeldKeys(
  accountIds: Iterable<string>,
  tx: Pick<Tx, "signingKey"> = db,
): Promise<Set<string>> {
  const rows = await tx.signingKey.findMany({
    where: { accountId: { in: [...new Set(accountIds)] }, isHeldHere: true },
    select: { accountId: true },
  });
  return new Set(rows.flatMap(({ accountId }) => accountId ?? []));
}

/** SQL for the public half of the key of that id, null when it is not listed: for one statement beside signatures. */
export function spkiOf(keyId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT spki FROM "SigningKey" WHERE id = ${keyId})`;
}
