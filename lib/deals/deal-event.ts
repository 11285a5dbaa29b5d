import { z } from "zod";

/** An amount in minor units; JSON has no whole numbers of that size. */
const amountSchema = z.string().regex(/^\d+$/);
const partySchema = z.enum(["buyer", "seller"]);
const noDetails = z.object({}).default({});
const recorded = { envelopeSha256: z.string() };

/** What happens in a deal, by its kind, as it is kept and told. */
export const dealEventSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("offered"),
    details: z.object({ by: partySchema, number: z.int(), priceMinor: amountSchema }),
  }),
  z.object({ kind: z.literal(["declined", "withdrawn"]), details: z.object({ by: partySchema }) }),
  z.object({ kind: z.literal(["expired", "finalized", "receipt_seen", "lapsed"]), details: noDetails }),
  z.object({
    kind: z.literal("agreed"),
    details: z.union([
      z.object({ standing: z.literal(true) }),
      z.object({ by: partySchema, number: z.int() }),
    ]),
  }),
  z.object({
    kind: z.literal("signed"),
    details: z.object({ ...recorded, party: partySchema, method: z.enum(["device_key", "session"]) }),
  }),
  z.object({
    kind: z.literal("paid"),
    details: z.object({ priceMinor: amountSchema, provider: z.string() }),
  }),
  z.object({
    kind: z.literal("delivered"),
    details: z.object({
      ...recorded,
      by: z.enum(["seller", "system"]),
      files: z.int(),
      sizeBytes: amountSchema,
    }),
  }),
  z.object({ kind: z.literal("downloaded"), details: z.object({ path: z.string(), sha256: z.string() }) }),
  z.object({
    kind: z.literal(["accepted", "accepted_by_silence"]),
    details: z.object(recorded),
  }),
  z.object({ kind: z.literal(["dispute_withdrawn", "deleted"]), details: z.object(recorded) }),
  z.object({
    kind: z.literal(["released", "refunded", "split", "ruled"]),
    details: z.object({
      buyerMinor: amountSchema,
      sellerMinor: amountSchema,
      // What a ruling says is recorded too.
      envelopeSha256: z.string().optional(),
    }),
  }),
  z.object({
    kind: z.literal("split_proposed"),
    details: z.object({ by: partySchema, buyerMinor: amountSchema }),
  }),
  z.object({ kind: z.literal("dispute_opened"), details: z.object({ ...recorded, by: partySchema }) }),
  z.object({ kind: z.literal("reminded"), details: z.object({ party: partySchema }) }),
  z.object({ kind: z.literal(["delivery_extended", "inspection_extended"]), details: noDetails }),
  z.object({ kind: z.literal("clock_moved"), details: z.object({ days: z.int() }) }),
]);

export type DealEvent = z.infer<typeof dealEventSchema>;

/** An event as it is written; kinds that have nothing to tell need no details. */
export type NewDealEvent = z.input<typeof dealEventSchema>;

/** The kinds with which money leaves a deal. */
export type SettlementEvent = Extract<DealEvent, { details: { sellerMinor: string } }>;

/** Who got what in the end. */
export function isSettlement<Event extends DealEvent>(event: Event): event is Event & SettlementEvent {
  return "sellerMinor" in event.details;
}

/** The record of an event in the log; undefined for those that leave none. */
export function envelopeOf({ details }: DealEvent): string | undefined {
  return "envelopeSha256" in details ? details.envelopeSha256 : undefined;
}
