-- The journal: what the core promises, said again where nothing can get around it.
ALTER TABLE "Posting"
  ADD CONSTRAINT "Posting_one_side" CHECK (
    "debitMinor" >= 0 AND "creditMinor" >= 0 AND ("debitMinor" = 0) <> ("creditMinor" = 0)),
  ADD CONSTRAINT "Posting_currency" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "Posting_account" CHECK (
    account ~ '^(cash:(demo|bank-transfer)|escrow:[^:]+|payable:[^:]+|unclaimed:[^:]+:[0-9]+|revenue:fees)$');
ALTER TABLE "JournalEntry" ADD CONSTRAINT "JournalEntry_two_sides" CHECK ("postingCount" >= 2);

CREATE FUNCTION require_balanced_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry text := CASE TG_TABLE_NAME WHEN 'JournalEntry' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'entryId' END;
  expected integer;
  found integer;
BEGIN
  SELECT "postingCount" INTO expected FROM "JournalEntry" WHERE id = entry;
  SELECT count(*) INTO found FROM "Posting" WHERE "entryId" = entry;
  IF found <> expected THEN
    RAISE EXCEPTION 'journal entry % has % postings instead of %', entry, found, expected
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM "Posting" WHERE "entryId" = entry
    GROUP BY currency HAVING sum("debitMinor") <> sum("creditMinor")
  ) THEN
    RAISE EXCEPTION 'journal entry % is not balanced', entry USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_entry_balanced AFTER INSERT ON "JournalEntry"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_entry();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON "Posting"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_entry();

CREATE TRIGGER journal_entry_rows BEFORE UPDATE OR DELETE ON "JournalEntry"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entry_table BEFORE TRUNCATE ON "JournalEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_rows BEFORE UPDATE OR DELETE ON "Posting"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_table BEFORE TRUNCATE ON "Posting"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_receipt_rows BEFORE UPDATE OR DELETE ON "PaymentReceipt"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_receipt_table BEFORE TRUNCATE ON "PaymentReceipt"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was agreed, signed, handed over and what happened stays as it was written.
CREATE TRIGGER contract_rows BEFORE UPDATE OR DELETE ON "Contract"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deal_signature_rows BEFORE UPDATE OR DELETE ON "DealSignature"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_rows BEFORE UPDATE OR DELETE ON "Delivery"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deal_event_rows BEFORE UPDATE OR DELETE ON "DealEvent"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deal_message_rows BEFORE UPDATE OR DELETE ON "DealMessage"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_offer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status' OR OLD.status <> 'open' THEN
    RAISE EXCEPTION 'an offer keeps its terms, and is answered once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER offer_rows BEFORE UPDATE OR DELETE ON "Offer"
  FOR EACH ROW EXECUTE FUNCTION refuse_offer_change();

CREATE FUNCTION refuse_standing_offer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'withdrawnAt' <> to_jsonb(OLD) - 'withdrawnAt'
    OR OLD."withdrawnAt" IS NOT NULL THEN
    RAISE EXCEPTION 'a standing offer keeps its terms, and is withdrawn once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER standing_offer_rows BEFORE UPDATE OR DELETE ON "StandingOffer"
  FOR EACH ROW EXECUTE FUNCTION refuse_standing_offer_change();
CREATE UNIQUE INDEX "StandingOffer_one_open" ON "StandingOffer" ("listingId", part) WHERE "withdrawnAt" IS NULL;

-- One offer at most waits for an answer.
CREATE UNIQUE INDEX "Offer_one_open" ON "Offer" ("dealId") WHERE status = 'open';

ALTER TABLE "Deal"
  ADD CONSTRAINT "Deal_two_people" CHECK ("buyerId" <> "sellerId"),
  ADD CONSTRAINT "Deal_price" CHECK ("priceMinor" IS NULL OR "priceMinor" >= 0),
  ADD CONSTRAINT "Deal_fee" CHECK ("feeBasisPoints" BETWEEN 0 AND 10000),
  ADD CONSTRAINT "Deal_term" CHECK ("termMonths" IS NULL OR "termMonths" > 0),
  ADD CONSTRAINT "Deal_signed_before_fulfilled" CHECK (
    fulfilment::text = 'UNFUNDED' OR (negotiation::text = 'FINALIZED' AND "priceMinor" IS NOT NULL)),
  ADD CONSTRAINT "Deal_dispute_origin" CHECK ((fulfilment::text = 'DISPUTED') = ("disputedFrom" IS NOT NULL)),
  ADD CONSTRAINT "Deal_deadline" CHECK (("deadlineKind" IS NULL) = ("deadlineAt" IS NULL));

-- The two tables of lib/deals/negotiation.ts and fulfilment.ts; a test compares them pair by pair.
CREATE FUNCTION deal_negotiation_may(from_state text, to_state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (from_state, to_state) IN (
    ('REQUESTED', 'OFFERED'), ('REQUESTED', 'AGREED'), ('REQUESTED', 'TERMINATED'),
    ('OFFERED', 'REQUESTED'), ('OFFERED', 'ACCEPTED'), ('OFFERED', 'TERMINATED'),
    ('ACCEPTED', 'AGREED'), ('ACCEPTED', 'TERMINATED'),
    ('AGREED', 'VERIFIED'), ('AGREED', 'TERMINATED'),
    ('VERIFIED', 'FINALIZED'), ('VERIFIED', 'TERMINATED'))
$$;
CREATE FUNCTION deal_fulfilment_may(from_state text, to_state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (from_state, to_state) IN (
    ('UNFUNDED', 'FUNDED'), ('UNFUNDED', 'LAPSED'),
    ('FUNDED', 'DELIVERED'), ('FUNDED', 'DISPUTED'), ('FUNDED', 'REFUNDED'), ('FUNDED', 'SPLIT'),
    ('DELIVERED', 'DELIVERY_ACCEPTED'), ('DELIVERED', 'DISPUTED'), ('DELIVERED', 'REFUNDED'), ('DELIVERED', 'SPLIT'),
    ('DELIVERY_ACCEPTED', 'RELEASED'), ('DELIVERY_ACCEPTED', 'DISPUTED'), ('DELIVERY_ACCEPTED', 'REFUNDED'),
    ('DELIVERY_ACCEPTED', 'SPLIT'),
    ('DISPUTED', 'FUNDED'), ('DISPUTED', 'DELIVERED'), ('DISPUTED', 'DELIVERY_ACCEPTED'),
    ('DISPUTED', 'RELEASED'), ('DISPUTED', 'REFUNDED'), ('DISPUTED', 'SPLIT'))
$$;

CREATE FUNCTION refuse_deal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a deal is never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.negotiation <> OLD.negotiation
    AND NOT deal_negotiation_may(OLD.negotiation::text, NEW.negotiation::text) THEN
    RAISE EXCEPTION 'a deal does not go from % to %', OLD.negotiation, NEW.negotiation USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.fulfilment <> OLD.fulfilment
    AND NOT deal_fulfilment_may(OLD.fulfilment::text, NEW.fulfilment::text) THEN
    RAISE EXCEPTION 'a deal does not go from % to %', OLD.fulfilment, NEW.fulfilment USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW."buyerId", NEW."sellerId", NEW."listingId", NEW."versionId", NEW.part, NEW.currency)
    IS DISTINCT FROM (OLD."buyerId", OLD."sellerId", OLD."listingId", OLD."versionId", OLD.part, OLD.currency)
    OR (OLD.negotiation::text = 'FINALIZED' AND (NEW."priceMinor", NEW."termMonths", NEW.shares, NEW."feeBasisPoints")
      IS DISTINCT FROM (OLD."priceMinor", OLD."termMonths", OLD.shares, OLD."feeBasisPoints")) THEN
    RAISE EXCEPTION 'what a deal is about does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deal_rows BEFORE UPDATE OR DELETE ON "Deal" FOR EACH ROW EXECUTE FUNCTION refuse_deal_change();
