import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { balanceOf, checkBooks } from "@/lib/ledger/queries/journal";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { DomainError } from "@/lib/shared/domain-error";
import { isHeld } from "../fulfilment";
import { runDealClocks } from "../jobs";
import { findDeal } from "../queries/deal-room";
import { acceptDelivery } from "./accept-delivery";
import {
  licenseForm,
  makeAccount,
  makeListing,
  openLogUnderTest,
  passHours,
  pay,
  signStanding,
  stateOf,
} from "../deal.fixture";
import { closeDisputeOnDeal, openDisputeOnDeal } from "./dispute-deal";
import { acceptSplit, giveBack, proposeSplit } from "./end-by-agreement";
import { licenseNow } from "./license-now";
import { releaseDeal } from "./release-deal";
import { settleByRuling } from "./settle-by-ruling";

const PRICE = 21_000n;
let buyer: Actor, seller: Actor, listingId: string;
let log: Awaited<ReturnType<typeof openLogUnderTest>>;

beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
  [buyer, seller] = [await makeAccount(), await makeAccount()];
  listingId = await makeListing(seller);
  await signStanding(seller, listingId);
});

afterAll(() => log.close());

/** What the dispute's own tests record. */
const stated = { envelopeSha256: "0".repeat(64) };

const moves: Record<string, (dealId: string) => Promise<unknown>> = {
  pay: (dealId) => pay({ dealId, buyer, seller, listingId }),
  accept: (dealId) => acceptDelivery(buyer, { dealId }),
  release: (dealId) => releaseDeal(dealId),
  publish: () => log.catchUp(),
  giveBack: (dealId) => giveBack(seller, { dealId }),
  propose: (dealId) => proposeSplit(seller, { dealId, buyerAmount: "33.33" }),
  acceptSplit: async (dealId) =>
    acceptSplit(buyer, { dealId, proposalId: (await findDeal(buyer, dealId))?.splitProposal?.id ?? "0" }),
  dispute: (dealId) => inTransaction((tx) => openDisputeOnDeal(tx, buyer, dealId)),
  withdrawDispute: (dealId) => inTransaction((tx) => closeDisputeOnDeal(tx, buyer, dealId)),
  ruleSplit: (dealId) =>
    inTransaction((tx) =>
      settleByRuling(tx, dealId, { ...stated, outcome: "split", buyerMinor: 1n, sellerMinor: PRICE - 1n }),
    ),
  ruleRefund: (dealId) =>
    inTransaction((tx) =>
      settleByRuling(tx, dealId, { ...stated, outcome: "refund", buyerMinor: PRICE, sellerMinor: 0n }),
    ),
  pass: async () => {
    await passHours(25);
    await runDealClocks();
  },
};

/** Refusals are answers; anything else is a bug. */
async function attempt(name: string, dealId: string): Promise<void> {
  try {
    await moves[name]?.(dealId);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

test("in 200 random sequences, some steps at once, escrow holds the price exactly while it is held", async () => {
  const name = fc.constantFrom(...Object.keys(moves));
  const step = fc.oneof(
    name.map((one) => [one]),
    fc.tuple(name, name),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
      const form = await licenseForm(buyer, listingId);
      await licenseNow(buyer, form);
      for (const names of [["pay"], ...steps]) {
        await Promise.all(names.map((one) => attempt(one, form.dealId)));
        const { fulfilment } = await stateOf(form.dealId);
        expect(await balanceOf(`escrow:${form.dealId}`, "EUR")).toBe(isHeld(fulfilment) ? PRICE : 0n);
        if (fulfilment === "RELEASED")
          expect(await db.releaseProof.count({ where: { dealId: form.dealId } })).toBe(1);
      }
    }),
    { numRuns: 200, endOnFailure: true },
  );
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
}, 300_000);
