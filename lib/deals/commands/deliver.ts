import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { grantLicence } from "@/lib/access/commands";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type ContractTerms, type ContractFile, requireContractFiles } from "@/lib/terms/contract";
import { type Deal, agreedPriceMinor, requireSigned } from "../deal";
import { fulfil, mayFulfil } from "../fulfilment";
import { appendEvent, getContract, lockDeal, onOwnDeal, mailParty, saveFulfilment } from "../records";
import type { DeliverInput } from "../schemas";
import { recordPlatformStep, recordStep } from "./record-signature";

export type DeliveredFile = ContractFile & { storedFileId: string };

/** The seller hands over what the platform does not hold, and says how. The inspection starts. */
export async function deliver(actor: Actor, input: DeliverInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    const { parsed } = await getContract(tx, deal.id);
    refuseUnless(
      party === "seller" && parsed.files.length === 0,
      "fulfilment_move_refused",
      "The platform holds these files and hands them over itself.",
    );
    await handOver(tx, deal, { by: "seller", actor, files: [], note: input.note });
  });
  return { message: "Delivered. The buyer inspects it now." };
}

/**
 * Hands over the files the platform holds, when the deal is paid and they are exactly those of the contract; does
 * nothing otherwise, so that it can be called again after a crash. Answers whether it delivered.
 */
export async function deliverHeldFiles(dealId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const deal = await lockDeal(tx, dealId);
    if (!mayFulfil(deal, "deliver", "system", await currentTime(tx))) return false;
    const { parsed } = await getContract(tx, deal.id);
    if (parsed.files.length === 0) return false;
    const files = await heldFiles(tx, deal);
    requireContractFiles(parsed, files);
    await handOver(tx, deal, { by: "system", actor: null, files, note: "" });
    return true;
  });
}

async function heldFiles(tx: Tx, deal: Deal): Promise<DeliveredFile[]> {
  const rows = await filesOfVersion(tx, deal.versionId, deal.part);
  return rows.map(({ path, sha256, sizeBytes, storedFileId }) => ({
    path,
    sha256,
    sizeBytes: String(sizeBytes),
    storedFileId,
  }));
}

type HandOver = { by: "seller" | "system"; actor: Actor | null; files: DeliveredFile[]; note: string };

/** Delivery, licence, record and mail together. The licence comes now because inspection needs the files. */
async function handOver(tx: Tx, deal: Deal, { by, actor, files, note }: HandOver): Promise<void> {
  const now = await currentTime(tx);
  const { parsed } = await getContract(tx, deal.id);
  await saveFulfilment(tx, deal, fulfil(deal, "deliver", by, now), now);
  await tx.delivery.create({ data: { dealId: deal.id, files, note, deliveredAt: now } });
  await grantLicence(tx, { ...licenceFacts(deal, parsed), startsAt: now });
  const envelopeSha256 = actor
    ? await recordStep(tx, actor, { dealId: deal.id, record: "delivery", party: "seller", now })
    : await recordPlatformStep(tx, deal.id, "delivery", now);
  const sizeBytes = files.reduce((sum, file) => sum + BigInt(file.sizeBytes), 0n);
  await appendEvent(tx, deal, {
    kind: "delivered",
    actorId: actor?.accountId ?? null,
    at: now,
    details: { by, files: files.length, sizeBytes: sizeBytes.toString(), envelopeSha256 },
  });
  await mailParty(tx, deal, "buyer", {
    key: "delivered",
    subject: "Delivered: please inspect it",
    text: "You have five days to inspect the delivery. Silence after a reminder counts as acceptance.",
  });
}

function licenceFacts(deal: Deal, terms: ContractTerms) {
  const { id, sellerId, buyerId, listingId, versionId, part, termMonths, currency } = deal;
  return {
    dealId: id,
    licensorId: sellerId,
    licenseeId: buyerId,
    listingId,
    versionId,
    part,
    termMonths,
    currency,
    rights: terms.rights,
    priceMinor: agreedPriceMinor(deal),
  };
}
