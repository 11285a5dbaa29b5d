import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { limits } from "@/lib/accounts/limits";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import {
  licenseForm,
  makeAccount,
  makeListing,
  negotiatedDeal,
  offerForm,
  passHours,
  pay,
  signStanding,
  signedDeal,
} from "../deal.fixture";
import { findDeal } from "../queries/deal-room";
import { withdraw } from "./answer-offer";
import { proposeSplit } from "./end-by-agreement";
import { licenseNow } from "./license-now";
import { makeOffer } from "./make-offer";
import { recordDownload } from "./record-download";
import { sendMessage } from "./send-message";

beforeAll(openInstallation);

const code = (text: string) => expect.objectContaining({ code: text });

test("an offer sent again says the same in every field, or is refused and names those that differ", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const form = offerForm(await makeListing(seller), "180");
  await makeOffer(buyer, form);
  await expect(makeOffer(buyer, { ...form, price: "180.00" })).resolves.toBeDefined();
  const others = {
    listingId: await makeListing(seller),
    part: "training_data" as const,
    price: "181",
    termMonths: null,
    useCommercially: "no" as const,
    modify: "no" as const,
    redistribute: "yes" as const,
    sublicense: "yes" as const,
    fieldOfUse: "Labels",
    message: "For another shelf.",
  };
  for (const [name, value] of Object.entries(others)) {
    await expect(makeOffer(buyer, { ...form, [name]: value }), name).rejects.toMatchObject({
      code: "request_reused",
      fields: { [name]: "This differs from what was sent first." },
    });
  }
  expect(await db.offer.count({ where: { dealId: form.dealId } })).toBe(1);
});

test("a message id names its words and its deal; with other words it is refused and sends nothing", async () => {
  const { buyer, dealId } = await negotiatedDeal();
  const message = { dealId, messageId: randomUUID(), body: "Is it there yet?" };
  await Promise.all(Array.from({ length: 10 }, () => sendMessage(buyer, message)));
  await expect(sendMessage(buyer, { ...message, body: "Never mind." })).rejects.toMatchObject({
    code: "request_reused",
    fields: { body: expect.any(String) },
  });
  expect(await db.dealMessage.findMany({ where: { dealId } })).toMatchObject([{ body: message.body }]);
});

test("a licence sent again names the same listing, part and terms; a deal id of an offer takes no licence", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  await signStanding(seller, listingId);
  const form = await licenseForm(buyer, listingId);
  await licenseNow(buyer, form);
  await expect(licenseNow(buyer, form)).resolves.toBeDefined();
  await expect(licenseNow(buyer, { ...form, termsSha256: "0".repeat(64) })).rejects.toMatchObject({
    code: "request_reused",
    fields: { termsSha256: expect.any(String) },
  });
  const offer = offerForm(listingId);
  await makeOffer(buyer, offer);
  await expect(licenseNow(buyer, { ...form, dealId: offer.dealId })).rejects.toEqual(code("request_reused"));
  await expect(makeOffer(buyer, { ...offer, dealId: form.dealId })).rejects.toEqual(code("request_reused"));
});

test("one side writes 250 messages in a deal, also at the same moment, and the other may still write", async () => {
  const { buyer, seller, dealId } = await negotiatedDeal();
  const data = { dealId, authorId: buyer.accountId, body: "Again." };
  await db.dealMessage.createMany({ data: Array.from({ length: limits.messagesInDeal - 2 }, () => data) });
  const send = () =>
    sendMessage(buyer, { dealId, messageId: randomUUID(), body: "More." }).then(() => "sent");
  const sent = await Promise.all(
    Array.from({ length: 6 }, () => send().catch((error: { code: string }) => error.code)),
  );
  expect(sent.toSorted()).toEqual(["sent", "sent", ...Array(4).fill("too_many_messages")]);
  await sendMessage(seller, { dealId, messageId: randomUUID(), body: "I am still here." });
});

test("thirty messages in a row are told by one mail at once and one more five minutes later", async () => {
  const { buyer, seller, dealId } = await negotiatedDeal();
  for (let sent = 0; sent < 30; sent++)
    await sendMessage(buyer, { dealId, messageId: randomUUID(), body: `Message ${sent}` });
  const account = await db.account.findUniqueOrThrow({ where: { id: seller.accountId } });
  const mails = (await listQueuedMails())
    .filter(({ data }) => data.mail.to === account.email && data.mail.subject.includes("wrote"))
    .map(({ data }) => data.mail);
  expect(mails.map(({ subject }) => subject).toSorted()).toEqual([
    expect.stringMatching(/ wrote more to you$/),
    expect.stringMatching(/ wrote to you$/),
  ]);
  expect(mails.find(({ subject }) => subject.endsWith("wrote to you"))?.text).toContain("Message 0");
});

test.each([
  ["100 deals in a day", limits.dealsInDay, true],
  ["30 deals with one seller in a day", limits.dealsWithSellerInDay, false],
])("a buyer opens %s, also at the same moment, and goes on the next day", async (_what, most, withOthers) => {
  const [buyer, seller, other] = [await makeAccount(), await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  const first = offerForm(listingId);
  await makeOffer(buyer, first);
  await withdraw(buyer, { dealId: first.dealId });
  const deal = await db.deal.findUniqueOrThrow({ where: { id: first.dealId } });
  const sellerId = withOthers ? other.accountId : seller.accountId;
  await db.deal.createMany({
    data: Array.from({ length: most - 4 }, () => ({
      ...deal,
      ...{ sellerId, id: randomUUID(), requestKey: randomUUID(), paymentReference: randomUUID(), shares: [] },
    })),
  });
  const open = () => makeOffer(buyer, offerForm(listingId)).then(() => "opened");
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => open().catch((error: { code: string }) => error.code)),
  );
  expect(opened.toSorted()).toEqual([...Array(5).fill("limit_reached"), ...Array(3).fill("opened")]);
  await passHours(24);
  await expect(open()).resolves.toBe("opened");
});

test("each side proposes twenty splits of a deal", async () => {
  const deal = await signedDeal();
  await pay(deal);
  const { dealId, buyer, seller } = deal;
  for (let sent = 1; sent <= limits.splitsInDeal; sent++)
    await proposeSplit(buyer, { dealId, buyerAmount: String(sent) });
  await expect(proposeSplit(buyer, { dealId, buyerAmount: "50" })).rejects.toEqual(code("limit_reached"));
  await proposeSplit(seller, { dealId, buyerAmount: "50" });
});

test("a hundred downloads of a file in a day are noted, and no further one is refused", async () => {
  const deal = await signedDeal();
  await pay(deal);
  const { dealId, buyer } = deal;
  const fileId = (await findDeal(buyer, dealId))?.delivery?.files[0]?.storedFileId ?? "";
  await recordDownload(buyer, { dealId, fileId });
  const noted = { dealId, kind: "downloaded" };
  const { id: _id, ...event } = await db.dealEvent.findFirstOrThrow({ where: noted });
  await db.dealEvent.createMany({
    data: Array.from({ length: limits.downloadsOfFileInDay - 2 }, () => ({
      ...event,
      details: event.details ?? {},
    })),
  });
  for (let again = 0; again < 3; again++)
    await expect(recordDownload(buyer, { dealId, fileId })).resolves.toMatchObject({
      fileName: "model.onnx",
    });
  expect(await db.dealEvent.count({ where: noted })).toBe(limits.downloadsOfFileInDay);
});

test("a part has twenty standing offers signed in a day", async () => {
  const seller = await makeAccount();
  const listingId = await makeListing(seller);
  for (let signed = 0; signed < limits.standingOffersOfPartInDay; signed++)
    await signStanding(seller, listingId);
  await expect(signStanding(seller, listingId)).rejects.toEqual(code("limit_reached"));
});
