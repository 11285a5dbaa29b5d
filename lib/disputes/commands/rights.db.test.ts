import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { type Clock, deadlineAfterReminder, hoursAfter } from "@/lib/deals/clock";
import { acceptDelivery } from "@/lib/deals/commands/accept-delivery";
import { deliver } from "@/lib/deals/commands/deliver";
import { acceptSplit, giveBack, proposeSplit } from "@/lib/deals/commands/end-by-agreement";
import { licenseNow } from "@/lib/deals/commands/license-now";
import { releaseDeal } from "@/lib/deals/commands/release-deal";
import { runDeadline } from "@/lib/deals/commands/run-deadline";
import { otherParty } from "@/lib/deals/deal";
import {
  licenseForm,
  makeAccount,
  makeListing,
  openLogUnderTest,
  passHours,
  pay,
  signStanding,
} from "@/lib/deals/deal.fixture";
import { deadlineOn, dueMove } from "@/lib/deals/deadline";
import { type FulfilmentFacts, type FulfilmentMove, fulfil, isHeld, mayFulfil } from "@/lib/deals/fulfilment";
import type { Mover, Party } from "@/lib/deals/negotiation";
import { balanceOf, checkBooks } from "@/lib/ledger/queries/journal";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { DomainError } from "@/lib/shared/domain-error";
import { listDisputesOfDeal } from "../queries/case";
import { addStatement, openDispute, withdrawDispute } from "./dispute";
import { ruleDispute } from "./ruling";

/** What the core says of a deal whose payment is held, beside what the database makes of the same commands. */
type Model = FulfilmentFacts &
  Clock & {
    now: Date;
    proposalBy: Party | null;
    isAccepted: boolean;
    isLogged: boolean;
    isRuled: boolean;
  };

type Person = Party | "stranger" | "moderator";
type OwnAction =
  | { name: "openDispute" | "withdrawDispute" | "addStatement"; by: Person }
  | { name: "acceptDelivery" | "deliver" | "giveBack" | "proposeSplit" | "acceptSplit"; by: Person }
  | { name: "ruleRelease" | "ruleRefund" | "ruleSplit"; by: Person };
type Action = OwnAction | { name: "turnClock" | "publish" };

const REASON = "The contract and the digests say so.";
const PRICE = 21_000n;
const START = new Date("2026-11-22T12:00:00Z");

let people: Record<Person, Actor>;
let listingId: string;
let log: Awaited<ReturnType<typeof openLogUnderTest>>;

beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  people = { buyer, seller, stranger: await makeAccount(), moderator: await makeAccount(["moderator"]) };
  listingId = await makeListing(seller, {
    niche: null,
    parts: [{ part: "evaluation_records", pricing: "one_off", priceMinor: PRICE, termMonths: 12 }],
  });
  await signStanding(seller, listingId, "evaluation_records");
});
afterAll(() => log.close());

function clockIn(fulfilment: Model["fulfilment"], now: Date): Clock {
  const deadline = deadlineOn("FINALIZED", fulfilment, now);
  return { deadlineKind: deadline?.kind ?? null, deadlineAt: deadline?.at ?? null, remindedAt: null };
}

function moved(model: Model, move: FulfilmentMove, by: Mover): Model | null {
  if (!mayFulfil(model, move, by, model.now)) return null;
  const facts = fulfil(model, move, by, model.now);
  return {
    ...model,
    ...facts,
    ...clockIn(facts.fulfilment, model.now),
    proposalBy: null,
    isAccepted: model.isAccepted || facts.fulfilment === "DELIVERY_ACCEPTED",
    isRuled: model.isRuled || by === "moderator",
  };
}

function isOwn(action: Action): action is OwnAction {
  return "by" in action;
}

/** The model after an action, or null where it must be refused. */
function play(model: Model, action: Action): Model | null {
  if (action.name === "publish") return { ...model, isLogged: model.isAccepted };
  if (!isOwn(action)) return turned(model);
  const { name, by } = action;
  if (name === "addStatement") return by === "stranger" || model.fulfilment !== "DISPUTED" ? null : model;
  if (by === "stranger") return null;
  // Asking twice for what is done is no refusal.
  if (name === "giveBack" && by === "seller" && model.fulfilment === "REFUNDED") return model;
  if (
    name === "acceptDelivery" &&
    by === "buyer" &&
    ["DELIVERY_ACCEPTED", "RELEASED"].includes(model.fulfilment)
  )
    return model;
  if (name === "proposeSplit") {
    const isParty = by !== "moderator" && mayFulfil(model, "agreeOnSplit", by, model.now);
    return isParty ? { ...model, proposalBy: by } : null;
  }
  if (name === "acceptSplit") {
    const isOthers = by !== "moderator" && model.proposalBy === otherParty(by);
    return isOthers ? moved(model, "agreeOnSplit", by) : null;
  }
  return moved(model, name, by);
}

function turned(model: Model): Model {
  const due = dueMove(model, model.now);
  if (due === "remind") {
    const deadlineAt = deadlineAfterReminder({ ...model, deadlineAt: model.deadlineAt ?? START }, model.now);
    return { ...model, deadlineAt, remindedAt: model.now };
  }
  if (due === null || due === "expire" || (due === "release" && !model.isLogged)) return model;
  return moved(model, due, "system") ?? model;
}

async function lastDispute(dealId: string): Promise<string> {
  const dispute = await db.dispute.findFirst({ where: { dealId }, orderBy: { openedAt: "desc" } });
  return dispute?.id ?? "none";
}

async function perform(dealId: string, action: Action): Promise<unknown> {
  if (action.name === "publish") return log.catchUp();
  if (!isOwn(action)) {
    await runDeadline(dealId);
    return releaseDeal(dealId);
  }
  const actor = people[action.by];
  const disputeId = await lastDispute(dealId);
  const rule = (outcome: "release" | "refund" | "split") =>
    ruleDispute(actor, {
      disputeId,
      outcome,
      buyerAmount: outcome === "split" ? "60" : "",
      rationale: REASON,
    });
  switch (action.name) {
    case "openDispute":
      return openDispute(actor, { dealId, reason: "other", statement: REASON });
    case "withdrawDispute":
      return withdrawDispute(actor, { disputeId });
    case "addStatement":
      return addStatement(actor, { disputeId, body: REASON });
    case "acceptDelivery":
      return acceptDelivery(actor, { dealId });
    case "deliver":
      return deliver(actor, { dealId, note: "Sent by courier on a disk." });
    case "giveBack":
      return giveBack(actor, { dealId });
    case "proposeSplit":
      return proposeSplit(actor, { dealId, buyerAmount: "33.33" });
    case "acceptSplit": {
      const proposal = { where: { dealId, kind: "split_proposed" }, orderBy: { id: "desc" } } as const;
      const row = await db.dealEvent.findFirst(proposal);
      return acceptSplit(actor, { dealId, proposalId: String(row?.id ?? 0) });
    }
    case "ruleRelease":
      return rule("release");
    case "ruleRefund":
      return rule("refund");
    case "ruleSplit":
      return rule("split");
  }
}

/** Whether it was done; a refusal is an answer, anything else is a bug. */
async function isDone(dealId: string, action: Action): Promise<boolean> {
  try {
    await perform(dealId, action);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** What the database holds of a deal, in the words of the model; times to the nearest hour from now. */
async function held(dealId: string) {
  const deal = await db.deal.findUniqueOrThrow({ where: { id: dealId } });
  const now = await currentTime();
  return shown({ ...deal, deadlineKind: deal.deadlineKind as Clock["deadlineKind"], now });
}

type Shown = FulfilmentFacts & Clock & { now: Date };

function shown({ fulfilment, disputedFrom, disputants, deadlineKind, deadlineAt, remindedAt, now }: Shown) {
  const hours = (at: Date | null) => at && Math.round((at.getTime() - now.getTime()) / 3_600_000) + 0;
  const clock = { deadlineKind, deadlineIn: hours(deadlineAt), remindedIn: hours(remindedAt) };
  return { fulfilment, disputedFrom, disputants: [...disputants], ...clock };
}

/** What must be true beside the state: each dispute in its state and recorded, and the payment where it belongs. */
async function checkSurroundings(model: Model, dealId: string): Promise<void> {
  const { disputants, fulfilment } = model;
  const disputes = await listDisputesOfDeal(people.buyer, dealId);
  const last = fulfilment === "DISPUTED" ? "open" : model.isRuled ? "ruled" : "withdrawn";
  expect(disputes.map(({ party, state }) => `${party} ${state}`)).toEqual(
    disputants.map((party, at) => `${party} ${at === disputants.length - 1 ? last : "withdrawn"}`).reverse(),
  );
  expect(await listDisputesOfDeal(people.stranger, dealId)).toEqual([]);
  const events = await db.dealEvent.findMany({ where: { dealId, kind: { startsWith: "dispute_" } } });
  const envelopes = events.map(({ details }) => (details as { envelopeSha256: string }).envelopeSha256);
  const withdrawn = disputes.filter(({ state }) => state === "withdrawn").length;
  expect(new Set(envelopes).size).toBe(disputants.length + withdrawn);
  expect(await balanceOf(`escrow:${dealId}`, "EUR")).toBe(isHeld(fulfilment) ? PRICE : 0n);
}

type Run = { dealId: string };

/** One action, or two at once: then what comes out is what one of the two orders would have made. */
class Attempt implements fc.AsyncCommand<Model, Run> {
  constructor(readonly actions: readonly Action[]) {}
  check = () => true;
  async run(model: Model, { dealId }: Run): Promise<void> {
    const orders =
      this.actions.length === 1
        ? [[0]]
        : [
            [0, 1],
            [1, 0],
          ];
    const expected = orders.map((order) => {
      let after = model;
      const done: boolean[] = [];
      for (const at of order) {
        const next = play(after, this.actions[at]!);
        done[at] = next !== null;
        after = next ?? after;
      }
      return { after, done };
    });
    const done = await Promise.all(this.actions.map((action) => isDone(dealId, action)));
    const found = { done, ...(await held(dealId)) };
    const same = expected.find((one) => isSame({ done: one.done, ...shown(one.after) }, found));
    if (!same) expect(found).toEqual({ done: expected[0]?.done, ...shown(expected[0]!.after) });
    else Object.assign(model, same.after);
    await checkSurroundings(model, dealId);
  }
  toString = () =>
    this.actions.map((action) => `${action.name}${"by" in action ? ` by ${action.by}` : ""}`).join(" | ");
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

class Pass implements fc.AsyncCommand<Model, Run> {
  constructor(readonly hours: number) {}
  check = () => true;
  async run(model: Model): Promise<void> {
    await passHours(this.hours);
    model.now = hoursAfter(model.now, this.hours);
  }
  toString = () => `pass ${this.hours} hours`;
}

const anyone = fc.constantFrom<Person>(
  "buyer",
  "buyer",
  "buyer",
  "seller",
  "seller",
  "seller",
  "moderator",
  "stranger",
);
const names = [
  ...(["openDispute", "openDispute", "withdrawDispute", "withdrawDispute", "addStatement"] as const),
  ...(["acceptDelivery", "deliver", "giveBack", "proposeSplit", "acceptSplit"] as const),
];
const byParty: fc.Arbitrary<Action> = fc.record({ name: fc.constantFrom(...names), by: anyone });
const ruling: fc.Arbitrary<Action> = fc.record({
  name: fc.constantFrom("ruleRelease", "ruleRefund", "ruleSplit"),
  by: fc.constantFrom<Person>("moderator", "buyer"),
});
const turn: fc.Arbitrary<Action> = fc.constant({ name: "turnClock" });
const publish: fc.Arbitrary<Action> = fc.constant({ name: "publish" });
const one = fc.oneof(
  { arbitrary: byParty, weight: 8 },
  { arbitrary: ruling, weight: 1 },
  { arbitrary: turn, weight: 3 },
  { arbitrary: publish, weight: 1 },
);
const commands = fc.commands(
  [
    one.map((action) => new Attempt([action])),
    fc.tuple(byParty, fc.oneof(byParty, ruling)).map((actions) => new Attempt(actions)),
    fc.constantFrom(12, 24, 72, 120).map((hours) => new Pass(hours)),
  ],
  { maxCommands: 20, size: "max" },
);

test("in 40 random sequences of both parties, moderators, strangers and clocks the database does what the core says", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const form = await licenseForm(people.buyer, listingId, "evaluation_records");
      await licenseNow(people.buyer, form);
      const { dealId } = form;
      await pay({ dealId, listingId, buyer: people.buyer, seller: people.seller });
      const model: Model = {
        ...{
          fulfilment: "FUNDED",
          disputedFrom: null,
          disputants: [],
          ...clockIn("FUNDED", START),
          now: START,
        },
        ...{ proposalBy: null, isAccepted: false, isLogged: false, isRuled: false },
      };
      await fc.asyncModelRun(() => ({ model, real: { dealId } }), sequence);
    }),
    { numRuns: 40, endOnFailure: true },
  );
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
}, 500_000);
