import { beforeAll, expect, test } from "vitest";
import { limits } from "@/lib/accounts/limits";
import { race } from "@/lib/accounts/person.fixture";
import { makeAccount, negotiatedDeal, pay } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { addStatement, openDispute } from "./dispute";

beforeAll(openInstallation);

test("each person makes fifty statements in a dispute, also at the same moment, and silences nobody", async () => {
  const deal = await negotiatedDeal("180");
  await pay(deal);
  const { dealId, buyer, seller } = deal;
  await openDispute(buyer, { dealId, reason: "not_as_described", statement: "It never says rust." });
  const { id: disputeId } = await db.dispute.findFirstOrThrow({ where: { dealId } });
  const statement = { disputeId, authorId: buyer.accountId, body: "Again." };
  await db.disputeStatement.createMany({
    data: Array.from({ length: limits.statementsInDispute - 3 }, () => statement),
  });
  const state = () => addStatement(buyer, { disputeId, body: "It still never says rust." });
  expect(await race(Array(8).fill(state))).toEqual({ won: 3, codes: Array(5).fill("limit_reached") });
  for (const other of [seller, await makeAccount(["moderator"])])
    await addStatement(other, { disputeId, body: "I read it." });
});
