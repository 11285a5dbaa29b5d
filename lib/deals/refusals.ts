/** Why deals refuses; each code means one thing. */
export type DealsRefusal =
  | "already_disputed"
  | "deal_not_agreed"
  | "deal_not_signed"
  | "delivery_late"
  | "fulfilment_move_refused"
  | "listing_closed"
  | "negotiation_move_refused"
  | "no_payment_provider"
  | "no_standing_offer"
  | "nothing_to_delete"
  | "offer_expired"
  | "offer_superseded"
  | "own_listing"
  | "payment_late"
  | "price_invalid"
  | "priced_by_calls"
  | "proposal_superseded"
  | "ruling_unbalanced"
  | "signature_late"
  | "split_invalid"
  | "term_invalid"
  | "terms_changed"
  | "too_many_messages"
  | "too_many_offers";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    deals: DealsRefusal;
  }
}
