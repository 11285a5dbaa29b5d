import "server-only";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { toHex } from "@/lib/shared/encoding";
import { completenessKind } from "@/lib/statements/kinds/completeness";
import { keyKind } from "@/lib/statements/kinds/key";
import { roleKind } from "@/lib/statements/kinds/role";
import { tombstoneKind, tombstoneStatement } from "@/lib/statements/kinds/tombstone";
import { readLeafBody } from "@/lib/log/leaf-body";
import { leafOfEnvelope } from "./submit-envelope";
import { signAsPlatform } from "./platform-key";
import { statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";

/** What keeps the log honest is never erased; none of it is about a person. */
const kept = [tombstoneKind, completenessKind, keyKind, roleKind].map(({ predicateType }) => predicateType);

export type Erasure = {
  envelopeSha256: string;
  /** The law that demands it, for example "Art. 17 GDPR". */
  ground: string;
  reason: string;
};

/**
 * Erases the text of an envelope because the law demands it, for the operator of this installation. Its entry in the
 * log and all proofs stay; a tombstone that the platform signs says what was erased and why, and is logged in the same
 * transaction, in which a listing that an erased evaluation was about is judged anew. Returns the tombstone's address.
 *
 * Throws `not_found`, `erased_already`, `may_not_erase` for statements that keep the log honest, and `reason_missing`.
 */
export async function eraseEnvelope({ envelopeSha256, ground, reason }: Erasure): Promise<string> {
  refuseUnless(
    ground.trim() !== "" && reason.trim().length >= 10,
    "reason_missing",
    "Name the law and say why in a sentence.",
  );
  return inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Envelope" WHERE sha256 = ${envelopeSha256} FOR UPDATE`;
    const row = await tx.envelope.findUnique({ where: { sha256: envelopeSha256 } });
    if (!row) throw notFoundError("envelope");
    refuseUnless(row.body !== "", "erased_already", "This was erased already.");
    refuseUnless(
      !kept.includes(row.predicateType),
      "may_not_erase",
      "This statement keeps the log honest and is about no person.",
    );
    const leaf = await leafOfEnvelope(tx, envelopeSha256);
    if (!leaf) throw notFoundError("envelope");
    const erasedAt = await currentTime(tx);
    const leafHash = toHex(leaf.hash);
    const paeSha256 = toHex(readLeafBody(leaf.body)?.digest ?? new Uint8Array());
    const statement = tombstoneStatement(
      {
        envelope: envelopeSha256,
        leafHash,
        predicateType: row.predicateType,
        ground,
        reason,
        at: erasedAt.toISOString(),
      },
      row.subjects,
    );
    const tombstone = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
    await tx.erasedEnvelope.create({
      data: {
        sha256: envelopeSha256,
        leafHash,
        paeSha256,
        tombstoneSha256: tombstone.sha256,
        ground,
        reason,
        erasedAt,
      },
    });
    await tx.envelope.update({ where: { sha256: envelopeSha256 }, data: { body: "" } });
    const judged = await tx.evaluation.findFirst({ where: { envelopeSha256 }, select: { listingId: true } });
    if (judged?.listingId) await refreshStanding(tx, judged.listingId);
    await recordAudit(tx, {
      actorId: null,
      action: "envelope_erased",
      subject: ["envelope", envelopeSha256],
      reason: `${ground}: ${reason}`,
      details: { tombstone: tombstone.sha256 },
    });
    return tombstone.sha256;
  });
}
