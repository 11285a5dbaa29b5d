import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { acceptDelivery } from "@/lib/deals/commands/accept-delivery";
import { confirmDeletion } from "@/lib/deals/commands/confirm-deletion";
import { type MarketDeal, makeAccount, pay, signedDeal } from "@/lib/deals/deal.fixture";
import { findDealRoom } from "@/lib/deals/queries/deal-room";
import { readContract } from "@/lib/terms/contract";
import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import { openHeldKey } from "@/lib/evidence/commands/held-key";
import { dealRecordKind } from "@/lib/statements/kinds/deal-record";
import { type RulingPredicate, rulingKind } from "@/lib/statements/kinds/ruling";
import { signWith } from "@/lib/evidence/commands/platform-key";
import { readStatement, saltedCommitment } from "@/lib/statements/statement";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { readableText } from "@/lib/shared/readable-text.fixture";
import { openDispute, withdrawDispute } from "./dispute";
import { ruleDispute } from "./ruling";

beforeAll(openInstallation);

const REASON = "The contract and the digests say so.";
const code = (text: string) => expect.objectContaining({ code: text });

async function paidDeal(): Promise<MarketDeal> {
  const deal = await signedDeal();
  await pay(deal);
  return deal;
}

async function disputed(deal: MarketDeal): Promise<string> {
  const { dealId } = deal;
  await openDispute(deal.buyer, { dealId, reason: "not_as_described", statement: REASON });
  return (await db.dispute.findFirstOrThrow({ where: { dealId } })).id;
}

const ruling = (disputeId: string, outcome: "split" | "refund") => ({
  disputeId,
  outcome,
  buyerAmount: outcome === "split" ? "60.01" : "",
  rationale: REASON,
});

/** Everything the log will hold of a deal, in its order. */
async function statementsOf(dealId: string) {
  const { termsSha256 } = await db.contract.findUniqueOrThrow({ where: { dealId } });
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT e.body FROM "LogPending" p JOIN "Envelope" e ON e.sha256 = p."envelopeSha256"
    WHERE ${termsSha256} = ANY(e.subjects) ORDER BY p.id`;
  return rows.map(({ body }) => {
    const payload = decodeBase64(readEnvelope(body)?.payload ?? "")!;
    return { text: new TextDecoder().decode(payload), ...readStatement(payload)! };
  });
}

async function stepsOf(dealId: string): Promise<string[]> {
  return (await statementsOf(dealId)).map(({ predicateType, predicate }) => {
    const { record, party } = predicate as { record?: string; party?: string };
    if (predicateType !== dealRecordKind.predicateType) return predicateType.split("/").at(-2) ?? "";
    return `${record} by ${party}`;
  });
}

test("every step of a deal becomes a record for the log, in the order in which it happened", async () => {
  const deal = await paidDeal();
  const { dealId, buyer } = deal;
  await acceptDelivery(buyer, { dealId });
  const disputeId = await disputed(deal);
  await ruleDispute(await makeAccount(["moderator"]), ruling(disputeId, "refund"));
  expect((await findDealRoom(buyer, dealId))?.deal.mayConfirmDeletion).toBe(true);
  await confirmDeletion(buyer, { dealId });
  await confirmDeletion(buyer, { dealId });
  expect(await stepsOf(dealId)).toEqual([
    "contract by buyer",
    "delivery by platform",
    "acceptance by buyer",
    "dispute by buyer",
    "ruling",
    "deletion by buyer",
  ]);
  const marked = await db.dealEvent.findMany({ where: { dealId }, orderBy: { id: "asc" } });
  const kinds = marked
    .filter(({ details }) => (details as { envelopeSha256?: string }).envelopeSha256 !== undefined)
    .map(({ kind }) => kind);
  expect(kinds).toEqual(["signed", "delivered", "accepted", "dispute_opened", "ruled", "deleted"]);
});

test("a withdrawn dispute is recorded by who withdrew it", async () => {
  const deal = await paidDeal();
  await withdrawDispute(deal.buyer, { disputeId: await disputed(deal) });
  expect((await stepsOf(deal.dealId)).slice(-2)).toEqual(["dispute by buyer", "ruling by buyer"]);
});

test("a ruling says its outcome; amounts and reason are digests that only the parties can open, and no name is in it", async () => {
  const deal = await paidDeal();
  const { dealId } = deal;
  const moderator = await makeAccount(["moderator"]);
  await ruleDispute(moderator, ruling(await disputed(deal), "split"));
  const stated = (await statementsOf(dealId)).find((one) => one.predicateType === rulingKind.predicateType)!;
  const { salt } = readContract(await db.contract.findUniqueOrThrow({ where: { dealId } }));
  const amounts = { buyerMinor: "6001", sellerMinor: "14999", currency: "EUR" };
  expect(stated.predicate as RulingPredicate).toMatchObject({
    outcome: "split",
    deal: dealId,
    moderator: moderator.accountId,
    commitments: [
      { of: "amounts", sha256: saltedCommitment(amounts, salt) },
      { of: "rationale", sha256: saltedCommitment(REASON, salt) },
    ],
  });
  for (const secret of [REASON, "6001", moderator.displayName, deal.buyer.displayName])
    expect(readableText(stated.text)).not.toContain(secret);
});

test("a refused ruling states nothing, and of two at once one is stated", async () => {
  const deal = await paidDeal();
  const disputeId = await disputed(deal);
  const [one, other] = [await makeAccount(["moderator"]), await makeAccount(["moderator"])];
  const tooMuch = { ...ruling(disputeId, "split"), buyerAmount: "210" };
  await expect(ruleDispute(one, tooMuch)).rejects.toEqual(code("split_invalid"));
  expect(await stepsOf(deal.dealId)).not.toContain("ruling");
  await Promise.allSettled([one, other].map((judge) => ruleDispute(judge, ruling(disputeId, "refund"))));
  expect((await stepsOf(deal.dealId)).filter((step) => step === "ruling")).toHaveLength(1);
  const row = await db.ruling.findUniqueOrThrow({ where: { disputeId } });
  expect(row.envelopeSha256).not.toBeNull();
  await expect(db.ruling.update({ where: { disputeId }, data: { rationale: "" } })).rejects.toThrow();
});

async function signedWith(actor: Actor, base64: string | null | undefined): Promise<string> {
  const owner = { name: `test-${actor.handle}`, accountId: actor.accountId, label: "Test" };
  return signWith(await openHeldKey(owner), decodeBase64(base64 ?? "")!);
}

test("acceptance, dispute and deletion can be signed with a key of the device, and only as what is shown", async () => {
  const deal = await paidDeal();
  const { dealId, buyer, seller } = deal;
  const room = await findDealRoom(buyer, dealId);
  const dispute = { dealId, reason: "other" as const, statement: REASON };
  const wrong = await signedWith(buyer, room?.disputeBase64);
  await expect(acceptDelivery(buyer, { dealId, envelope: wrong })).rejects.toEqual(
    code("signed_something_else"),
  );
  const sellers = await signedWith(seller, (await findDealRoom(seller, dealId))?.disputeBase64);
  await expect(openDispute(buyer, { ...dispute, envelope: sellers })).rejects.toEqual(code("signer_may_not"));
  await acceptDelivery(buyer, { dealId, envelope: await signedWith(buyer, room?.statementBase64) });
  await openDispute(buyer, { ...dispute, envelope: await signedWith(buyer, room?.disputeBase64) });
  const { id } = await db.dispute.findFirstOrThrow({ where: { dealId } });
  await ruleDispute(await makeAccount(["moderator"]), ruling(id, "refund"));
  const after = await findDealRoom(buyer, dealId);
  await confirmDeletion(buyer, { dealId, envelope: await signedWith(buyer, after?.statementBase64) });
  const methods = (await statementsOf(dealId)).flatMap(({ predicate }) => {
    const { record, agreedBy } = predicate as { record?: string; agreedBy?: { method: string } };
    return record && record !== "delivery" && record !== "contract" ? [`${record}: ${agreedBy?.method}`] : [];
  });
  expect(methods).toEqual(["acceptance: device_key", "dispute: device_key", "deletion: device_key"]);
});

test("nobody deletes what they need not: not the seller, not before a refund, not where nothing was delivered", async () => {
  const deal = await paidDeal();
  const { dealId, buyer, seller } = deal;
  await expect(confirmDeletion(buyer, { dealId })).rejects.toEqual(code("nothing_to_delete"));
  await expect(confirmDeletion(await makeAccount(), { dealId })).rejects.toEqual(code("not_found"));
  await ruleDispute(await makeAccount(["moderator"]), ruling(await disputed(deal), "refund"));
  await expect(confirmDeletion(seller, { dealId })).rejects.toEqual(code("nothing_to_delete"));
});
