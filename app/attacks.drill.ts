import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import pg from "pg";
import type { Actor } from "@/lib/accounts/actor";
import { camtEntry, camtOf } from "@/lib/ledger/bank/statement.fixture";

/**
 * What an account, a counterparty or a stranger may try on a market, tried on the commands themselves: each attack with
 * its limit and what came of it. What is sent over HTTP and to readers and processes has drills of its own.
 */

process.env.BANK_TRANSFER_DETAILS ??= "Offcut, IBAN DE89 3704 0044 0532 0130 00";

// What reads the environment comes after it is complete.
const deals = await import("@/lib/deals/deal.fixture");
const { sendMessage } = await import("@/lib/deals/commands/send-message");
const { signContract } = await import("@/lib/deals/commands/sign-contract");
const { acceptOffer } = await import("@/lib/deals/commands/answer-offer");
const { makeOffer } = await import("@/lib/deals/commands/make-offer");
const { importStatement } = await import("@/lib/deals/commands/import-statement");
const { listDeals } = await import("@/lib/deals/queries/deal-list");
const { addStatement, openDispute, withdrawDispute } = await import("@/lib/disputes/commands/dispute");
const { fileReport } = await import("@/lib/disputes/commands/report");
const { listReported } = await import("@/lib/disputes/queries/reports");
const { uploadStatement } = await import("@/lib/ledger/commands/statements");
const { findStatementDraft } = await import("@/lib/ledger/queries/statement-draft");
const { requireReference } = await import("@/lib/ledger/bank/reference");
const { storeFile } = await import("@/lib/catalogue/commands/store-file");
const { countAttempt } = await import("@/lib/accounts/commands/attempts");
const { countCommand } = await import("@/lib/accounts/commands/pace");
const { proveSecondStep } = await import("@/lib/accounts/commands/prove-second-step");
const { addApp } = await import("@/lib/accounts/factor.fixture");
const { limits } = await import("@/lib/accounts/limits");
const { askedBy } = await import("@/lib/accounts/session/request");
const { enqueueMail } = await import("@/lib/platform/outbox");
const { once } = await import("@/lib/platform/receipts");
const { db, inTransaction } = await import("@/lib/platform/db");
const { openInstallation } = await import("@/lib/platform/installation");

const BEFORE = {
  dealId: "",
  reason: "other" as const,
  statement: "Something is wrong with it.",
  envelope: undefined,
};

async function paidDeal() {
  const deal = await deals.signedDeal();
  await deals.pay(deal);
  return deal;
}

/** How many of these were let through; what is refused must be refused in a sentence of ours. */
async function taken(attempts: readonly (() => Promise<unknown>)[], isAtOnce = false): Promise<number> {
  let count = 0;
  const one = async (attempt: () => Promise<unknown>) => {
    try {
      await attempt();
      count += 1;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.name === "DomainError")) throw error;
    }
  };
  if (isAtOnce) await Promise.all(attempts.map(one));
  else for (const attempt of attempts) await one(attempt);
  return count;
}

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
    count += 1;
    return Reflect.apply(query, this, args) as never;
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}

type Attack = { attack: string; limit: number; measure: () => Promise<number> };

const counterparty: Attack[] = [
  {
    attack: "disputes left to the buyer after the seller opened one and withdrew it",
    limit: 1,
    measure: async () => {
      const deal = await paidDeal();
      await openDispute(deal.seller, { ...BEFORE, dealId: deal.dealId });
      const { id } = await db.dispute.findFirstOrThrow({ where: { dealId: deal.dealId } });
      await withdrawDispute(deal.seller, { disputeId: id });
      return taken(times(3, () => () => openDispute(deal.buyer, { ...BEFORE, dealId: deal.dealId })));
    },
  },
  {
    attack: "messages of one key and ten bodies that are answered with success",
    limit: 1,
    measure: async () => {
      const { dealId, buyer } = await paidDeal();
      const messageId = randomUUID();
      return taken(times(10, (at) => () => sendMessage(buyer, { dealId, messageId, body: `Message ${at}` })));
    },
  },
  {
    attack: "offers of one key and ten prices that are answered with success",
    limit: 1,
    measure: async () => {
      const [buyer, seller] = [await deals.makeAccount(), await deals.makeAccount()];
      const form = deals.offerForm(await deals.makeListing(seller));
      return taken(times(10, (at) => () => makeOffer(buyer, { ...form, price: String(100 + at) })));
    },
  },
  {
    attack: "signatures taken after their deadline, the clock not having run",
    limit: 0,
    measure: async () => {
      const [buyer, seller] = [await deals.makeAccount(), await deals.makeAccount()];
      const form = deals.offerForm(await deals.makeListing(seller));
      await makeOffer(buyer, form);
      await acceptOffer(seller, { dealId: form.dealId, answers: 1 });
      const { termsSha256 } = await db.contract.findUniqueOrThrow({ where: { dealId: form.dealId } });
      const longAgo = new Date(Date.now() - 1000);
      await db.deal.update({ where: { id: form.dealId }, data: { deadlineAt: longAgo } });
      const signature = { dealId: form.dealId, termsSha256, agreed: "yes" as const, envelope: undefined };
      return taken([buyer, seller].map((actor) => () => signContract(actor, signature)));
    },
  },
  {
    attack: "statements of one person in one dispute, of 60 sent",
    limit: limits.statementsInDispute,
    measure: async () => {
      const deal = await paidDeal();
      await openDispute(deal.buyer, { ...BEFORE, dealId: deal.dealId });
      const { id: disputeId } = await db.dispute.findFirstOrThrow({ where: { dealId: deal.dealId } });
      return taken(
        times(60, (at) => () => addStatement(deal.seller, { disputeId, body: `Statement ${at}` })),
      );
    },
  },
  {
    attack: "statements of SQL that /deals takes more for 30 deals than for 2",
    limit: 0,
    measure: async () => {
      const buyer = await deals.makeAccount();
      const more = (count: number) => Promise.all(times(count, () => deals.signedDeal({}, "weights", buyer)));
      await more(2);
      const few = await statementsOf(() => listDeals(buyer, "all"));
      for (let at = 0; at < 7; at++) await more(4);
      return (await statementsOf(() => listDeals(buyer, "all"))) - few;
    },
  },
];

const account: Attack[] = [
  {
    attack: "commands of one account in a minute, of 200 sent",
    limit: limits.commands.minute,
    measure: () => taken(times(200, () => () => countCommand("somebody"))),
  },
  {
    attack: "mails that one account causes in an hour, of 150 asked for",
    limit: limits.mails.hour,
    measure: async () => {
      const actor = await deals.makeAccount();
      const mail = { to: "somebody@example.test", subject: "Hello", text: "Text" };
      return taken(
        times(150, () => async () => {
          const key = randomUUID();
          const asked = await askedBy(actor, { key, command: "drill", input: {} });
          await once(asked, () => inTransaction((tx) => enqueueMail(tx, key, mail)), undefined);
        }),
      );
    },
  },
  {
    attack: "effects of one request sent 50 times at once",
    limit: 1,
    measure: async () => {
      const actor = await deals.makeAccount();
      const asked = await askedBy(actor, { key: randomUUID(), command: "drill", input: { name: "x" } });
      const name = randomUUID();
      const make = () => inTransaction((tx) => tx.model.create({ data: { ownerId: actor.accountId, name } }));
      await Promise.all(times(50, () => once(asked, async () => void (await make()), undefined)));
      return db.model.count({ where: { name } });
    },
  },
  {
    attack: "uses of one authenticator code, sent 20 times at once",
    limit: 1,
    measure: async () => {
      const actor = await deals.makeAccount();
      const { code } = await addApp(actor.accountId);
      const typed = { code: code() };
      return taken(
        times(20, () => () => proveSecondStep(actor.accountId, typed, null, "10.0.0.1")),
        true,
      );
    },
  },
  {
    attack: "files in disguise that are kept: pickle, gzipped pickle, zip, object array, SVG, HTML",
    limit: 0,
    measure: async () => {
      const actor = await deals.makeAccount();
      const pickle = Buffer.from([0x80, 0x04, 0x95, 0x02, 0, 0, 0, 0, 0, 0, 0, 0x4e, 0x2e]);
      const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117) + "\n";
      const array = Buffer.concat([
        Buffer.from("\x93NUMPY\x01\x00", "latin1"),
        Buffer.from([118, 0]),
        Buffer.from(header),
        pickle,
      ]);
      const files: [string, Buffer][] = [
        ["weights.safetensors", pickle],
        ["rows.csv.gz", gzipSync(pickle)],
        ["notes.txt", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(60)])],
        ["labels.npy", array],
        ["card.md", Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
        ["notes.txt", Buffer.from("<!doctype html><script>1</script>")],
      ];
      return taken(
        files.map(
          ([name, bytes]) =>
            () =>
              storeFile(actor, Readable.from([bytes]), { name }),
        ),
      );
    },
  },
];

async function importAs(actor: Actor, text: string): Promise<string> {
  const { redirectTo } = await uploadStatement(actor, { file: new File([text], "statement") });
  const draftId = redirectTo.split("/").at(-1) ?? "";
  const draft = await findStatementDraft(actor, draftId, 1);
  return (await importStatement(actor, { draftId, layout: draft?.reading?.layout ?? "" })).message;
}

async function transferDeal() {
  const deal = await deals.signedDeal();
  const { paymentReference } = await db.deal.update({
    where: { id: deal.dealId },
    data: { paymentProvider: "bank-transfer" },
  });
  return {
    ...deal,
    line: {
      day: "2026-11-22",
      amountMinor: 21_000n,
      text: paymentReference,
      reference: randomUUID().slice(0, 16),
    },
  };
}

const bank: Attack[] = [
  {
    attack: "payments held for lines that bring no money: outgoing, pending, reversed, another currency",
    limit: 0,
    measure: async () => {
      const operator = await deals.makeAccount(["administrator"]);
      const { dealId, line } = await transferDeal();
      const foreign = camtEntry(line).replace('Ccy="EUR"', 'Ccy="USD"');
      const entries = [
        camtEntry({ ...line, amountMinor: -21_000n }),
        camtEntry(line, { status: "<Cd>PDNG</Cd>" }),
        camtEntry(line, { more: "<RvslInd>true</RvslInd>" }),
      ];
      await taken([
        () => importAs(operator, camtOf(entries, 0n, { id: "A" })),
        () => importAs(operator, camtOf([foreign], 0n, { id: "B" })),
      ]);
      return db.dealEvent.count({ where: { dealId, kind: "paid" } });
    },
  },
  {
    attack: "payments of a deal held for two real transfers with its reference; the second is kept apart",
    limit: 1,
    measure: async () => {
      const operator = await deals.makeAccount(["administrator"]);
      const { dealId, line } = await transferDeal();
      const second = { ...line, reference: randomUUID().slice(0, 16) };
      await importAs(
        operator,
        camtOf([camtEntry(line), camtEntry(second)], 42_000n, { id: randomUUID().slice(0, 12) }),
      );
      const apart = await db.receivedTransfer.count({ where: { text: { contains: line.text } } });
      if (apart !== 2) throw new Error(`${apart} transfers were kept, not two.`);
      return db.dealEvent.count({ where: { dealId, kind: "paid" } });
    },
  },
  {
    attack: "references that eight spellings of one make",
    limit: 1,
    measure: async () => {
      const spellings = [
        "SEPA 7",
        "sepa 7",
        "SEPA-7",
        " Sepa7 ",
        "SEPA\u200b7",
        "ＳＥＰＡ７",
        "SEPA\u20107",
        "s e p a 7",
      ];
      return new Set(spellings.map((one) => requireReference(one))).size;
    },
  },
];

const strangers: Attack[] = [
  {
    attack: "sign-ins refused because somebody else asked for 600 resets",
    limit: 0,
    measure: async () => {
      await taken(times(600, (at) => () => countAttempt("mail", `person-${at}@example.test`, "10.9.9.9")));
      return 1 - (await taken([() => countAttempt("password", "owner@example.test", "10.1.1.1")]));
    },
  },
  {
    attack: "reports about one thing that were answered with thanks and not kept, of 300",
    limit: 0,
    measure: async () => {
      const report = { about: "/listings/reported-by-many", reason: "other" as const };
      const sent = await taken(
        times(
          300,
          (at) => () =>
            fileReport(
              null,
              { ...report, body: `Report number ${at}.` },
              { ip: `10.2.${at >> 8}.${at & 255}` },
            ),
        ),
      );
      const subject = await db.reportedSubject.findFirstOrThrow({ where: { name: "reported-by-many" } });
      return sent - (await db.report.count({ where: { subjectId: subject.id } }));
    },
  },
  {
    attack: "statements of SQL for the queue that shows them",
    limit: 7,
    measure: async () => {
      const moderator = await deals.makeAccount(["moderator"]);
      return statementsOf(() => listReported(moderator, null));
    },
  },
];

await openInstallation();
let isWithin = true;
for (const { attack, limit, measure } of [...counterparty, ...account, ...bank, ...strangers]) {
  const measured = await measure();
  const within = measured <= limit && (limit === 0 || measured > 0);
  isWithin &&= within;
  console.log(JSON.stringify({ attack, limit, measured, within }));
}
await db.$disconnect();
process.exit(isWithin ? 0 : 1);
