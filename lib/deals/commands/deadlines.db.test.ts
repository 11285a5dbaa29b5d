import { beforeAll, expect, test } from "vitest";
import { openInstallation } from "@/lib/platform/installation";
import { db, inTransaction } from "@/lib/platform/db";
import {
  type MarketDeal,
  makeAccount,
  makeListing,
  offerForm,
  passHours,
  pay,
  signedDeal,
  stateOf,
} from "../deal.fixture";
import { acceptDelivery } from "./accept-delivery";
import { acceptOffer, counterOffer, declineOffer, withdraw } from "./answer-offer";
import { deliver } from "./deliver";
import { openDisputeOnDeal } from "./dispute-deal";
import { acceptSplit, giveBack, proposeSplit } from "./end-by-agreement";
import { makeOffer } from "./make-offer";
import { runDeadline } from "./run-deadline";
import { signContract } from "./sign-contract";

beforeAll(openInstallation);

type Told = MarketDeal & { termsSha256: string; proposalId: string };
type Command = (deal: Told) => Promise<unknown>;

async function offered(): Promise<MarketDeal> {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  const form = offerForm(listingId);
  await makeOffer(buyer, form);
  return { dealId: form.dealId, buyer, seller, listingId };
}

async function agreed(): Promise<MarketDeal> {
  const deal = await offered();
  await acceptOffer(deal.seller, { dealId: deal.dealId, answers: 1 });
  return deal;
}

async function funded(): Promise<MarketDeal> {
  const parts = [
    { part: "evaluation_records", pricing: "one_off", priceMinor: 21_000n, termMonths: 12 } as const,
  ];
  const deal = await signedDeal({ niche: null, parts }, "evaluation_records");
  await pay(deal);
  return deal;
}

async function delivered(): Promise<MarketDeal> {
  const deal = await signedDeal();
  await pay(deal);
  return deal;
}

const sign =
  (by: "buyer" | "seller"): Command =>
  (deal) =>
    signContract(deal[by], {
      dealId: deal.dealId,
      termsSha256: deal.termsSha256,
      agreed: "yes",
      envelope: undefined,
    });
const dispute =
  (by: "buyer" | "seller"): Command =>
  (deal) =>
    inTransaction((tx) => openDisputeOnDeal(tx, deal[by], deal.dealId));
const split: Command = (deal) => acceptSplit(deal.buyer, deal);
const give: Command = (deal) => giveBack(deal.seller, deal);

/** At the deadline, before the clock has had its turn: the refusal, or what the deal then is. */
const table: [string, () => Promise<MarketDeal>, number, Command, string][] = [
  ["accepting an offer", offered, 72, (d) => acceptOffer(d.seller, { ...d, answers: 1 }), "offer_expired"],
  ["declining an offer", offered, 72, (d) => declineOffer(d.seller, { ...d, answers: 1 }), "offer_expired"],
  [
    "countering an offer",
    offered,
    72,
    (d) => counterOffer(d.seller, { ...offerForm(d.listingId), dealId: d.dealId, answers: 1 }),
    "offer_expired",
  ],
  ["withdrawing an offer", offered, 72, (d) => withdraw(d.buyer, d), "offer_expired"],
  ["the buyer's signature", agreed, 72, sign("buyer"), "signature_late"],
  ["the seller's signature, the first one", agreed, 72, sign("seller"), "signature_late"],
  ["withdrawing from a contract", agreed, 72, (d) => withdraw(d.buyer, d), "signature_late"],
  ["paying", signedDeal, 120, pay, "payment_late"],
  ["delivering", funded, 72, (d) => deliver(d.seller, { ...d, note: "By courier." }), "delivery_late"],
  ["disputing what was not delivered", funded, 72, dispute("seller"), "delivery_late"],
  ["splitting what was not delivered", funded, 72, split, "delivery_late"],
  ["giving back what was not delivered", funded, 72, give, "REFUNDED"],
  ["accepting a delivery", delivered, 120, (d) => acceptDelivery(d.buyer, d), "DELIVERY_ACCEPTED"],
  ["the buyer's dispute about a delivery", delivered, 120, dispute("buyer"), "DISPUTED"],
  ["the seller's dispute about a delivery", delivered, 120, dispute("seller"), "DISPUTED"],
  ["splitting after the inspection", delivered, 120, split, "SPLIT"],
  ["giving back after the inspection", delivered, 120, give, "REFUNDED"],
];

test.each(table)(
  "%s at the deadline, with a clock that has not run",
  async (_name, open, hours, command, end) => {
    for (const isLate of [false, true]) {
      const deal = await open();
      const { dealId } = deal;
      await passHours(hours - 24);
      await runDeadline(dealId);
      const { fulfilment } = await stateOf(dealId);
      if (fulfilment !== "UNFUNDED") await proposeSplit(deal.seller, { dealId, buyerAmount: "50" });
      const proposal = await db.dealEvent.findFirst({ where: { dealId, kind: "split_proposed" } });
      const contract = await db.contract.findUnique({ where: { dealId } });
      const told = { ...deal, termsSha256: contract?.termsSha256 ?? "", proposalId: String(proposal?.id) };
      await passHours(isLate ? 24 : 23);
      const before = await stateOf(dealId);
      const isRefusal = end === end.toLowerCase();
      if (isLate && isRefusal) {
        await expect(command(told)).rejects.toMatchObject({ code: end });
        expect(await stateOf(dealId)).toEqual(before);
      } else {
        await command(told);
        if (!isRefusal) expect(await stateOf(dealId)).toMatchObject({ fulfilment: end });
      }
    }
  },
);
