import { DomainError } from "@/lib/shared/domain-error";
import type { DeadlineKind } from "@/lib/terms/clock-hours";

const HOUR_MS = 3_600_000;

export const REMIND_BEFORE_HOURS = 24;
/** Silence counts only when the reminder has stood this long. */
export const REMINDER_MUST_STAND_HOURS = 12;

/** The one clock that runs in a deal; all null where none does. */
export type Clock = { deadlineKind: DeadlineKind | null; deadlineAt: Date | null; remindedAt: Date | null };

export function hoursAfter(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * HOUR_MS);
}

/** Half-open like every interval here: at the deadline itself it has passed. */
export function hasPassed(deadlineAt: Date, now: Date): boolean {
  return now >= deadlineAt;
}

/** Where the silence of one side moves a held payment. */
function needsNotice({ deadlineKind }: Clock): boolean {
  return deadlineKind === "delivery" || deadlineKind === "inspection";
}

/**
 * The time of a deal's clock is over, whether or not the clock has had its turn since. Where silence moves a held
 * payment, only once a reminder has stood for twelve hours as well.
 */
export function isOver(clock: Clock, now: Date): boolean {
  const { deadlineAt, remindedAt } = clock;
  if (deadlineAt === null || !hasPassed(deadlineAt, now)) return false;
  if (!needsNotice(clock)) return true;
  return remindedAt !== null && hasPassed(hoursAfter(remindedAt, REMINDER_MUST_STAND_HOURS), now);
}

/** Somebody must act within a day and has not been told. Nobody acts on the clocks of objection and dispute. */
export function isReminderDue({ deadlineKind, deadlineAt, remindedAt }: Clock, now: Date): boolean {
  if (deadlineAt === null || remindedAt !== null) return false;
  if (deadlineKind === "objection" || deadlineKind === "dispute") return false;
  return hasPassed(hoursAfter(deadlineAt, -REMIND_BEFORE_HOURS), now);
}

/** The deadline after a reminder that goes out now: a day later where it could not stand long enough before. */
export function deadlineAfterReminder(clock: Clock & { deadlineAt: Date }, now: Date): Date {
  const isTooLate =
    needsNotice(clock) && hasPassed(clock.deadlineAt, hoursAfter(now, REMINDER_MUST_STAND_HOURS));
  return isTooLate ? hoursAfter(now, REMIND_BEFORE_HOURS) : clock.deadlineAt;
}

/** The clocks that end what a side may do. After the others somebody's right goes on while the state lasts. */
const late: Partial<Record<DeadlineKind, () => DomainError>> = {
  offer: () => new DomainError("offer_expired", "This offer's 72 hours are over: the negotiation ends."),
  signature: () =>
    new DomainError("signature_late", "The 72 hours for signing are over: the negotiation ends."),
  payment: () => new DomainError("payment_late", "The days for paying are over: this deal lapses."),
  delivery: () =>
    new DomainError(
      "delivery_late",
      "The days for delivering are over: the deal ends and a held payment goes back.",
    ),
};

/** What a clock whose time is over refuses with; null while it runs, and where it refuses nothing. */
export function refusalOfClock(clock: Clock, now: Date): DomainError | null {
  return (clock.deadlineKind && isOver(clock, now) && late[clock.deadlineKind]?.()) || null;
}

/** Throws what a clock whose time is over refuses with. */
export function requireInTime(clock: Clock, now: Date): void {
  const refusal = refusalOfClock(clock, now);
  if (refusal) throw refusal;
}
