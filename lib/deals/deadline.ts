import { type DeadlineKind, clockHours } from "@/lib/terms/clock-hours";
import type { FulfilmentState } from "./fulfilment";
import type { NegotiationState, Party } from "./negotiation";

const HOUR_MS = 3_600_000;

export const REMIND_BEFORE_HOURS = 24;
/** Silence counts only when the reminder has stood this long. */
export const REMINDER_MUST_STAND_HOURS = 12;

export type Deadline = { kind: DeadlineKind; at: Date };

export function hoursAfter(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * HOUR_MS);
}

/** The clock that starts when a deal arrives in these states, or null where nothing runs. */
export function deadlineOn(
  negotiation: NegotiationState,
  fulfilment: FulfilmentState,
  now: Date,
): Deadline | null {
  const kind = clockOf(negotiation, fulfilment);
  return kind && { kind, at: hoursAfter(now, clockHours[kind]) };
}

export function clockOf(negotiation: NegotiationState, fulfilment: FulfilmentState): DeadlineKind | null {
  if (negotiation === "REQUESTED" || negotiation === "OFFERED") return "offer";
  if (negotiation === "AGREED" || negotiation === "VERIFIED") return "signature";
  if (negotiation !== "FINALIZED") return null;
  const kinds: Partial<Record<FulfilmentState, DeadlineKind>> = {
    UNFUNDED: "payment",
    FUNDED: "delivery",
    DELIVERED: "inspection",
    DELIVERY_ACCEPTED: "objection",
    DISPUTED: "dispute",
  };
  return kinds[fulfilment] ?? null;
}

type Clocked = { deadlineKind: DeadlineKind; deadlineAt: Date; remindedAt: Date | null };

/** Half-open like every interval here: at the deadline itself it has passed. */
export function hasPassed(deadlineAt: Date, now: Date): boolean {
  return now >= deadlineAt;
}

/** Somebody must act within a day and has not been told. Nobody acts on the clocks of objection and dispute. */
export function isReminderDue(deal: Clocked, now: Date): boolean {
  if (deal.deadlineKind === "objection" || deal.deadlineKind === "dispute" || deal.remindedAt) return false;
  return now >= hoursAfter(deal.deadlineAt, -REMIND_BEFORE_HOURS);
}

/** The inspection is over and a reminder stood long enough for silence to mean yes. */
export function isSilenceAcceptance(deal: Clocked, now: Date): boolean {
  return (
    deal.deadlineKind === "inspection" &&
    hasPassed(deal.deadlineAt, now) &&
    deal.remindedAt !== null &&
    now >= hoursAfter(deal.remindedAt, REMINDER_MUST_STAND_HOURS)
  );
}

/** The longest a payment can be held by the clocks, in days: delivery, inspection, objection, then a dispute. */
export function longestHoldDays(): number {
  const kinds = ["delivery", "inspection", "objection", "dispute"] as const;
  const extensionHours = REMIND_BEFORE_HOURS;
  return (kinds.reduce((sum, kind) => sum + clockHours[kind], 0) + extensionHours) / 24;
}

/** Whom a clock waits for, or null when time alone decides. */
export function waitsFor(kind: DeadlineKind, negotiation: NegotiationState): Party | null {
  switch (kind) {
    case "offer":
      return negotiation === "REQUESTED" ? "seller" : "buyer";
    case "signature":
      return negotiation === "VERIFIED" ? "seller" : "buyer";
    case "payment":
    case "inspection":
      return "buyer";
    case "delivery":
      return "seller";
    default:
      return null;
  }
}
