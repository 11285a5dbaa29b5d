export const deadlineKinds = [
  "offer",
  "signature",
  "payment",
  "delivery",
  "inspection",
  "objection",
  "dispute",
] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];

/** How long each clock runs, in hours. The contract repeats those that follow it. */
export const clockHours: Record<DeadlineKind, number> = {
  offer: 72,
  signature: 72,
  payment: 5 * 24,
  delivery: 3 * 24,
  inspection: 5 * 24,
  objection: 24,
  dispute: 14 * 24,
};
