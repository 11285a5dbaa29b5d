import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import type { PartName } from "@/lib/catalogue/part";
import { listDemoParts } from "@/lib/catalogue/queries/offered-parts";
import { acceptDelivery } from "@/lib/deals/commands/accept-delivery";
import { acceptOffer, counterOffer } from "@/lib/deals/commands/answer-offer";
import { type ContractSubject, getContractSubject } from "@/lib/deals/commands/contract-subject";
import { fundDeal } from "@/lib/deals/commands/fund-deal";
import { draftLicense, licenseNow } from "@/lib/deals/commands/license-now";
import { makeOffer } from "@/lib/deals/commands/make-offer";
import { sendMessage } from "@/lib/deals/commands/send-message";
import { signContract } from "@/lib/deals/commands/sign-contract";
import { draftStandingTerms, signStandingOffer } from "@/lib/deals/commands/standing-offer";
import { dealsById, getDeal, wasStandingOfferSigned } from "@/lib/deals/queries/deals";
import { getContract } from "@/lib/deals/records";
import { sealTerms } from "@/lib/terms/contract";
import { db } from "@/lib/platform/db";
import { decimalString, fractionDigits } from "@/lib/shared/money";

type Offered = { listingId: string; part: PartName; seller: Actor };

/**
 * Signs a standing offer for every part of every demo listing that has none, and makes a handful of deals of `buyer@`
 * in different states through the commands that people use. What is there already is left alone.
 */
export async function seedDeals(buyer: Actor, own: Actor): Promise<number> {
  const offered = await listOffered();
  for (const one of offered) await ensureStandingOffer(one);
  const weights = offered.filter(
    ({ part, seller }) => part === "weights" && seller.accountId !== buyer.accountId,
  );
  const first = weights.filter(({ seller }) => seller.accountId === own.accountId);
  const rest = weights.filter(({ seller }) => seller.accountId !== own.accountId);
  const plan: [Offered | undefined, (deal: SeedDeal) => Promise<void>][] = [
    [first[0], licensedAndDelivered],
    [first[1] ?? first[0], waitingForTheSeller],
    [rest[0], waitingForTheBuyer],
    [first[2] ?? first[0], waitingForPayment],
    [rest[1] ?? rest[0], accepted],
  ];
  const known = await dealsById(plan.map((_, index) => dealIdOf(index)));
  let made = 0;
  for (const [index, [target, play]] of plan.entries()) {
    const dealId = dealIdOf(index);
    if (!target || known.has(dealId)) continue;
    await play({
      ...target,
      dealId,
      buyer,
      subject: await getContractSubject(db, target.listingId, target.part),
    });
    made += 1;
  }
  return made;
}

type SeedDeal = Offered & { dealId: string; buyer: Actor; subject: ContractSubject };

function dealIdOf(index: number): string {
  const hex = createHash("sha256").update(`offcut demo deal ${index}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function listOffered(): Promise<Offered[]> {
  const parts = await listDemoParts(db);
  const names = await namesById(parts.map(({ sellerId }) => sellerId));
  return parts.flatMap(({ listingId, part, sellerId: accountId }) => {
    const name = names.get(accountId);
    return name ? [{ listingId, part, seller: actorOf({ ...name, accountId }) }] : [];
  });
}

async function ensureStandingOffer({ listingId, part, seller }: Offered): Promise<void> {
  if (await wasStandingOfferSigned(db, listingId, part)) return;
  const salt = randomBytes(32).toString("hex");
  const terms = await draftStandingTerms(db, seller, await getContractSubject(db, listingId, part), salt);
  const { termsSha256 } = sealTerms(terms);
  await signStandingOffer(seller, { listingId, part, salt, termsSha256, agreed: "yes", envelope: undefined });
}

async function license(deal: SeedDeal): Promise<void> {
  const form = { dealId: deal.dealId, salt: randomBytes(32).toString("hex") };
  const { terms } = await draftLicense(db, deal.buyer, deal.subject, form);
  const { termsSha256 } = sealTerms(terms);
  const { listingId, part } = deal;
  await licenseNow(deal.buyer, { ...form, listingId, part, termsSha256, agreed: "yes", envelope: undefined });
}

async function pay({ dealId, buyer }: SeedDeal): Promise<void> {
  const { priceMinor } = await getDeal(dealId);
  if (priceMinor) await fundDeal(buyer, { dealId, amountMinor: priceMinor.toString() });
}

function offerOf({ dealId, listingId, part, subject }: SeedDeal, percent: bigint, message: string) {
  const priceMinor = (subject.listPriceMinor * percent) / 100n;
  return {
    dealId,
    listingId,
    part,
    price: decimalString(priceMinor, fractionDigits(subject.currency)),
    termMonths: subject.termMonths,
    ...subject.rights,
    message,
  };
}

async function licensedAndDelivered(deal: SeedDeal): Promise<void> {
  await license(deal);
  await pay(deal);
}

async function waitingForTheSeller(deal: SeedDeal): Promise<void> {
  await makeOffer(deal.buyer, offerOf(deal, 70n, "For one internal tool; we can sign this week."));
}

async function waitingForTheBuyer(deal: SeedDeal): Promise<void> {
  await makeOffer(deal.buyer, offerOf(deal, 60n, "We need it for a pilot with one team."));
  await counterOffer(deal.seller, {
    ...offerOf(deal, 85n, "I can come down to this for a year."),
    answers: 1,
  });
}

async function waitingForPayment(deal: SeedDeal): Promise<void> {
  await makeOffer(deal.buyer, offerOf(deal, 90n, "Ready to sign at this price."));
  await acceptOffer(deal.seller, { dealId: deal.dealId, answers: 1 });
  const { termsSha256 } = await getContract(db, deal.dealId);
  for (const actor of [deal.seller, deal.buyer])
    await signContract(actor, { dealId: deal.dealId, termsSha256, agreed: "yes", envelope: undefined });
}

async function accepted(deal: SeedDeal): Promise<void> {
  await license(deal);
  await pay(deal);
  await sendMessage(deal.buyer, {
    dealId: deal.dealId,
    messageId: dealIdOf(1000),
    body: "Runs well on our rows, thank you.",
  });
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
}
