import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { Readable } from "node:stream";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { addApp } from "@/lib/accounts/factor.fixture";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import type { ListingInput } from "@/lib/catalogue/listing";
import type { PartName } from "@/lib/catalogue/part";
import { drain, placesIn } from "@/lib/evidence/log.fixture";
import { openSequencer } from "@/lib/log/process/sequencer";
import { advanceDemoClock } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { putObject } from "@/lib/platform/storage";
import { sealTerms } from "@/lib/terms/contract";
import { acceptOffer } from "./commands/answer-offer";
import { getContractSubject } from "./commands/contract-subject";
import { fundDeal } from "./commands/fund-deal";
import { draftLicense, licenseNow } from "./commands/license-now";
import { makeOffer } from "./commands/make-offer";
import { signContract } from "./commands/sign-contract";
import { draftStandingTerms, signStandingOffer } from "./commands/standing-offer";

/** A small market for database tests: real accounts, real stored files, real commands. */

export async function makeAccount(roles: Actor["roles"] = []): Promise<Actor> {
  const name = randomBytes(5).toString("hex");
  const { id } = await db.account.create({
    data: {
      email: `${name}@example.test`,
      emailVerifiedAt: new Date(),
      passwordHash: "none",
      handle: name,
      displayName: `Person ${name}`,
      roles: [...roles],
    },
  });
  if (roles.length > 0) await addApp(id);
  return actorOf({ accountId: id, displayName: `Person ${name}`, handle: name, roles });
}

export async function makeListing(seller: Actor, change: Partial<ListingInput> = {}): Promise<string> {
  const bytes = randomBytes(40);
  const stored = await putObject(Readable.from([bytes]), { maxBytes: 1000 });
  const file = await db.storedFile.create({
    data: { ...stored, sizeBytes: BigInt(stored.sizeBytes), ownerId: seller.accountId, format: "text" },
  });
  const input: ListingInput = {
    title: `Shelf sorter ${randomBytes(3).toString("hex")}`,
    contact: "seller@example.test",
    niche: { task: "text-classification", domain: "software", languages: ["en"], declaredLevel: "0.90" },
    artifact: { kind: "files", files: [{ storedFileId: file.id, path: "model.onnx" }] },
    parts: [{ part: "weights", pricing: "one_off", priceMinor: 21_000n, termMonths: 12 }],
    rights: { useCommercially: "yes", modify: "yes", redistribute: "no", sublicense: "not_stated" },
    ...change,
  };
  const { listingId } = await inTransaction((tx) =>
    publishListing(tx, { ...input, sellerId: seller.accountId }),
  );
  return listingId;
}

export async function signStanding(
  seller: Actor,
  listingId: string,
  part: PartName = "weights",
): Promise<void> {
  const salt = randomBytes(32).toString("hex");
  const subject = await getContractSubject(db, listingId, part);
  const { termsSha256 } = sealTerms(await draftStandingTerms(db, seller, subject, salt));
  await signStandingOffer(seller, {
    listingId,
    part,
    salt,
    termsSha256,
    agreed: "yes",
    envelope: undefined,
  });
}

/** What the license page would put into its form. */
export async function licenseForm(buyer: Actor, listingId: string, part: PartName = "weights") {
  const form = { dealId: randomUUID(), salt: randomBytes(32).toString("hex") };
  const subject = await getContractSubject(db, listingId, part);
  const { termsSha256 } = sealTerms((await draftLicense(db, buyer, subject, form)).terms);
  return { ...form, listingId, part, termsSha256, agreed: "yes" as const, envelope: undefined };
}

export const offerForm = (listingId: string, price = "180") => ({
  listingId,
  part: "weights" as const,
  dealId: randomUUID(),
  price,
  termMonths: 12,
  useCommercially: "yes" as const,
  modify: "yes" as const,
  redistribute: "no" as const,
  sublicense: "no" as const,
  fieldOfUse: null,
  message: "For our shelf.",
});

export async function signBoth(dealId: string, buyer: Actor, seller: Actor): Promise<void> {
  const { termsSha256 } = await db.contract.findUniqueOrThrow({ where: { dealId } });
  for (const actor of [buyer, seller])
    await signContract(actor, { dealId, termsSha256, agreed: "yes", envelope: undefined });
}

export type MarketDeal = { dealId: string; buyer: Actor; seller: Actor; listingId: string };

/** A deal at list price, signed by both, not paid. */
export async function signedDeal(
  change: Partial<ListingInput> = {},
  part: PartName = "weights",
  by?: Actor,
): Promise<MarketDeal> {
  const [buyer, seller] = [by ?? (await makeAccount()), await makeAccount()];
  const listingId = await makeListing(seller, change);
  await signStanding(seller, listingId, part);
  const form = await licenseForm(buyer, listingId, part);
  await licenseNow(buyer, form);
  return { dealId: form.dealId, buyer, seller, listingId };
}

/** The same, negotiated: the seller accepted the buyer's only offer. */
export async function negotiatedDeal(price = "180"): Promise<MarketDeal> {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  const form = offerForm(listingId, price);
  await makeOffer(buyer, form);
  await acceptOffer(seller, { dealId: form.dealId, answers: 1 });
  await signBoth(form.dealId, buyer, seller);
  return { dealId: form.dealId, buyer, seller, listingId };
}

export async function pay({ dealId, buyer }: MarketDeal): Promise<void> {
  const { priceMinor } = await db.deal.findUniqueOrThrow({ where: { id: dealId } });
  await fundDeal(buyer, { dealId, amountMinor: String(priceMinor) });
}

export async function stateOf(dealId: string) {
  const { negotiation, fulfilment, deadlineKind } = await db.deal.findUniqueOrThrow({
    where: { id: dealId },
  });
  return { negotiation, fulfilment, deadlineKind };
}

/** The log of this installation, of which the test itself says when it goes on. */
export async function openLogUnderTest(): Promise<{
  catchUp: () => Promise<void>;
  close: () => Promise<void>;
}> {
  const { logOrigin } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  const { DATABASE_URL, DATA_DIR } = env();
  const sequencer = await openSequencer({
    databaseUrl: DATABASE_URL,
    ...placesIn(path.join(DATA_DIR, "log-under-test"), logOrigin),
  });
  if (!sequencer) throw new Error("Another sequencer is active.");
  // Tests call it from several places at once; a sequencer has one connection.
  let turn = Promise.resolve();
  return { catchUp: () => (turn = turn.then(() => drain(sequencer))), close: () => sequencer.close() };
}

export async function passHours(hours: number): Promise<void> {
  await inTransaction((tx) => advanceDemoClock(tx, hours * 3600));
}
