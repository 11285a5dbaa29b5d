import "server-only";
import { getContract } from "@/lib/deals/records";
import { recordEnvelope } from "@/lib/evidence/commands/record-envelope";
import { rulingStatement } from "@/lib/statements/kinds/ruling";
import { signAsPlatform } from "@/lib/evidence/commands/platform-key";
import { statementBytes } from "@/lib/statements/statement";
import type { Tx } from "@/lib/platform/db";
import type { RulingAmounts } from "../dispute";

type StatedRuling = RulingAmounts & {
  disputeId: string;
  dealId: string;
  currency: string;
  moderatorId: string;
  rationale: string;
  at: Date;
};

/**
 * Records what a moderator ruled as a statement of the platform, for the log, in the caller's transaction; the
 * envelope's address. The outcome stands in it in words, amounts and reason as digests under the salt of the contract,
 * which the parties hold; no name does.
 */
export async function recordRuling(tx: Tx, ruling: StatedRuling): Promise<string> {
  const { disputeId: dispute, dealId: deal, moderatorId: moderator, at, ...facts } = ruling;
  const { parsed, termsSha256 } = await getContract(tx, deal);
  const statement = rulingStatement({
    ...facts,
    ...{ deal, dispute, moderator, at, termsSha256 },
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  });
  const { sha256 } = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
  return sha256;
}
