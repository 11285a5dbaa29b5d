import "server-only";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { roleStatement } from "@/lib/statements/kinds/role";
import { statementBytes } from "@/lib/statements/statement";
import { findStatedRole } from "../records/stated-roles";
import { signAsPlatform } from "./platform-key";

/** What an account is: the seller, or the drafter of a listing, of what has this digest; or an evaluator. */
export type AccountRole =
  | { accountId: string; role: "seller" | "drafter"; sells: string }
  | { accountId: string; role: "evaluator"; sells: null };

/**
 * States in the log, signed by the platform, what an account is from now on, or that it is so no longer; nothing where
 * that is what was stated last. In the caller's transaction, so that what it signs as such comes after it in the log.
 * `recordEnvelope` hands itself over as `record`.
 */
export async function stateRole(
  tx: Tx,
  { accountId, role, sells }: AccountRole,
  lasts: boolean,
  record: (tx: Tx, envelopeText: string) => Promise<{ sha256: string }>,
): Promise<void> {
  const place = { accountId, role, sells: sells ?? "" };
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(${`role ${accountId} ${role} ${place.sells}`}, 0))::text`;
  const last = await findStatedRole(tx, place);
  if ((last !== null && last.untilAt === null) === lasts) return;
  const now = await currentTime(tx);
  const [fromAt, untilAt] = [lasts || last === null ? now : last.fromAt, lasts ? null : now];
  const statement = roleStatement({
    account: accountId,
    role,
    sells,
    from: fromAt.toISOString(),
    until: untilAt?.toISOString() ?? null,
    at: now.toISOString(),
  });
  const { sha256 } = await record(tx, await signAsPlatform(statementBytes(statement), tx));
  await tx.statedRole.create({ data: { ...place, fromAt, untilAt, envelopeSha256: sha256 } });
}
