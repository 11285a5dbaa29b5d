import { type DeadlineKind, clockHours } from "@/lib/terms/clock-hours";
import { type Clock, REMIND_BEFORE_HOURS, hoursAfter, isOver, isReminderDue } from "./clock";
import type { FulfilmentMove, FulfilmentState } from "./fulfilment";
import { type NegotiationMove, type NegotiationState, type Party, parties } from "./negotiation";

export type Deadline = { kind: DeadlineKind; at: Date };

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

const dueMoves = {
  offer: "expire",
  signature: "expire",
  payment: "lapse",
  delivery: "refundUndelivered",
  inspection: "acceptBySilence",
  objection: "release",
  dispute: null,
} as const satisfies Record<DeadlineKind, NegotiationMove | FulfilmentMove | null>;

/**
 * What the platform does to a deal by now, null while it waits. A reminder comes before everything else; a release waits
 * for the log as well, and a dispute for a person.
 */
export function dueMove(clock: Clock, now: Date): "remind" | (typeof dueMoves)[DeadlineKind] {
  if (isReminderDue(clock, now)) return "remind";
  return clock.deadlineKind && isOver(clock, now) ? dueMoves[clock.deadlineKind] : null;
}

/**
 * The longest a payment can be held when every ruling comes in time, in days: delivery and inspection with the day that
 * a late reminder adds, objection, and for each party one dispute with the longest of these clocks begun anew.
 */
export function longestHoldDays(): number {
  const delivery = clockHours.delivery + REMIND_BEFORE_HOURS;
  const inspection = clockHours.inspection + REMIND_BEFORE_HOURS;
  const disputes = parties.length * (clockHours.dispute + Math.max(delivery, inspection));
  return (delivery + inspection + clockHours.objection + disputes) / 24;
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
