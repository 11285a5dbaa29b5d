CREATE TYPE "NegotiationState" AS ENUM ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED');
CREATE TYPE "FulfilmentState" AS ENUM ('UNFUNDED', 'FUNDED', 'DELIVERED', 'DELIVERY_ACCEPTED', 'RELEASED', 'DISPUTED', 'REFUNDED', 'SPLIT', 'LAPSED');
CREATE TYPE "DealParty" AS ENUM ('buyer', 'seller');
CREATE TYPE "AcceptanceLog" AS ENUM ('proven', 'failed');
CREATE TYPE "SignatureMethod" AS ENUM ('device_key', 'session');
CREATE TYPE "OfferStatus" AS ENUM ('open', 'countered', 'accepted', 'declined', 'expired');

CREATE TABLE "StandingOffer" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "part" "Part" NOT NULL,
    "sellerId" TEXT NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "termMonths" INTEGER,
    "terms" TEXT NOT NULL,
    "termsSha256" TEXT NOT NULL,
    "method" "SignatureMethod" NOT NULL,
    "envelopeSha256" TEXT,
    "signedAt" TIMESTAMPTZ(3) NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3),

    CONSTRAINT "StandingOffer_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Deal" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "part" "Part" NOT NULL,
    "sellerId" TEXT NOT NULL,
    "buyerId" TEXT NOT NULL,
    "standingOfferId" TEXT,
    "negotiation" "NegotiationState" NOT NULL,
    "fulfilment" "FulfilmentState" NOT NULL DEFAULT 'UNFUNDED',
    "disputedFrom" "FulfilmentState",
    "disputants" "DealParty"[] DEFAULT ARRAY[]::"DealParty"[],
    "acceptanceLog" "AcceptanceLog",
    "priceMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "termMonths" INTEGER,
    "feeBasisPoints" INTEGER NOT NULL,
    "shares" JSONB NOT NULL DEFAULT '[]',
    "paymentProvider" TEXT NOT NULL,
    "paymentReference" TEXT NOT NULL,
    "deadlineKind" TEXT,
    "deadlineAt" TIMESTAMPTZ(3),
    "remindedAt" TIMESTAMPTZ(3),
    "requestKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Deal_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Offer" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "by" "DealParty" NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "termMonths" INTEGER,
    "rights" JSONB NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "status" "OfferStatus" NOT NULL DEFAULT 'open',
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Offer_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Contract" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "terms" TEXT NOT NULL,
    "termsSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Contract_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DealSignature" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "party" "DealParty" NOT NULL,
    "accountId" TEXT NOT NULL,
    "termsSha256" TEXT NOT NULL,
    "method" "SignatureMethod" NOT NULL,
    "sessionId" TEXT,
    "envelopeSha256" TEXT,
    "signedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DealSignature_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Delivery" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "deliveredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DealEvent" (
    "id" BIGSERIAL NOT NULL,
    "dealId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" TEXT,
    "kind" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "DealEvent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DealMessage" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DealMessage_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ReleaseProof" (
    "dealId" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "leafHash" TEXT NOT NULL,
    "leafIndex" BIGINT NOT NULL,
    "treeSize" BIGINT NOT NULL,
    "proof" TEXT NOT NULL,
    "verifiedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ReleaseProof_pkey" PRIMARY KEY ("dealId")
);

CREATE INDEX "StandingOffer_listingId_part_idx" ON "StandingOffer"("listingId", "part");
CREATE UNIQUE INDEX "Deal_paymentReference_key" ON "Deal"("paymentReference");
CREATE UNIQUE INDEX "Deal_requestKey_key" ON "Deal"("requestKey");
CREATE INDEX "Deal_buyerId_idx" ON "Deal"("buyerId");
CREATE INDEX "Deal_sellerId_idx" ON "Deal"("sellerId");
CREATE INDEX "Deal_listingId_idx" ON "Deal"("listingId");
CREATE INDEX "Deal_deadlineAt_idx" ON "Deal"("deadlineAt");
CREATE UNIQUE INDEX "Offer_dealId_number_key" ON "Offer"("dealId", "number");
CREATE UNIQUE INDEX "Contract_dealId_key" ON "Contract"("dealId");
CREATE UNIQUE INDEX "DealSignature_dealId_party_key" ON "DealSignature"("dealId", "party");
CREATE INDEX "Delivery_dealId_idx" ON "Delivery"("dealId");
CREATE INDEX "DealEvent_dealId_id_idx" ON "DealEvent"("dealId", "id");
CREATE INDEX "DealMessage_dealId_createdAt_idx" ON "DealMessage"("dealId", "createdAt");

ALTER TABLE "Offer" ADD CONSTRAINT "Offer_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Contract" ADD CONSTRAINT "Contract_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "DealSignature" ADD CONSTRAINT "DealSignature_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "DealEvent" ADD CONSTRAINT "DealEvent_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "DealMessage" ADD CONSTRAINT "DealMessage_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ReleaseProof" ADD CONSTRAINT "ReleaseProof_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was agreed, signed, handed over and what happened stays as it was written.
CALL keep('rows', 'Contract', 'DealSignature', 'Delivery', 'DealEvent', 'DealMessage', 'ReleaseProof');
CALL keep('table', 'ReleaseProof');

CREATE FUNCTION refuse_offer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status' OR OLD.status <> 'open' THEN
    RAISE EXCEPTION 'an offer keeps its terms, and is answered once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER offer_rows BEFORE UPDATE OR DELETE ON "Offer"
  FOR EACH ROW EXECUTE FUNCTION refuse_offer_change();

CREATE TRIGGER standing_offer_rows BEFORE UPDATE OR DELETE ON "StandingOffer"
  FOR EACH ROW EXECUTE FUNCTION fill_once('a standing offer keeps its terms, and is withdrawn once', 'withdrawnAt');
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
  ADD CONSTRAINT "Deal_disputants" CHECK (disputants IS NOT NULL AND cardinality(disputants) <= 2
    AND (fulfilment::text <> 'DISPUTED' OR cardinality(disputants) > 0)),
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
DECLARE
  opened "DealParty"[] := '{}';
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
  -- Each party opens one dispute, and nothing else makes a deal disputed.
  IF NEW.fulfilment::text = 'DISPUTED' AND OLD.fulfilment::text <> 'DISPUTED' THEN
    opened := ARRAY[NEW.disputants[cardinality(NEW.disputants)]];
  END IF;
  IF NEW.disputants IS DISTINCT FROM OLD.disputants || opened OR opened <@ OLD.disputants AND opened <> '{}' THEN
    RAISE EXCEPTION 'each party of a deal opens one dispute at most' USING ERRCODE = 'check_violation';
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

ALTER TABLE "ReleaseProof"
  ADD CONSTRAINT "ReleaseProof_hashes" CHECK ("envelopeSha256" ~ '^[0-9a-f]{64}$' AND "leafHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "ReleaseProof_is_covered" CHECK ("leafIndex" >= 0 AND "leafIndex" < "treeSize");

-- Without a proof that the acceptance stands in the log no accepted deal is released; a ruling needs none.
CREATE FUNCTION require_release_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.fulfilment::text = 'DELIVERY_ACCEPTED' AND NEW.fulfilment::text = 'RELEASED'
    AND NOT EXISTS (SELECT 1 FROM "ReleaseProof" WHERE "dealId" = NEW.id) THEN
    RAISE EXCEPTION 'deal % has no proof of its acceptance', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deal_release_proven BEFORE UPDATE ON "Deal"
  FOR EACH ROW EXECUTE FUNCTION require_release_proof();
