-- AlterTable
ALTER TABLE "Listing" ADD COLUMN     "isShown" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "TagBits" (
    "tag" INTEGER NOT NULL,
    "block" INTEGER NOT NULL,
    "bits" bit(32768) NOT NULL,

    CONSTRAINT "TagBits_pkey" PRIMARY KEY ("tag","block")
);

-- CreateTable
CREATE TABLE "SearchChange" (
    "searchId" INTEGER NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SearchChange_pkey" PRIMARY KEY ("searchId")
);


-- Bits are dense: compression costs more than it saves.
ALTER TABLE "TagBits" ALTER COLUMN "bits" SET STORAGE EXTERNAL;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- One index intersects facets and words inside itself. fastupdate off: a reader never pays for a writer's backlog.
CREATE INDEX "Listing_search" ON "Listing" USING gin ("tags" array_ops, "searchText") WITH (fastupdate = off) WHERE "isShown";
CREATE INDEX "Listing_title_trigrams" ON "Listing" USING gin ("title" gin_trgm_ops) WHERE "isShown";

-- One for each order, so that a page can walk it and stop.
CREATE INDEX "Listing_by_cost" ON "Listing" ((coalesce("costPer1kCorrectMilli", 9223372036854775807)), "searchId") WHERE "isShown";
CREATE INDEX "Listing_by_price" ON "Listing" ((coalesce("priceMinor", 9223372036854775807)), "searchId") WHERE "isShown";
CREATE INDEX "Listing_by_evidence" ON "Listing" ("evidenceGrade" DESC, "evaluatedRows" DESC, "searchId" DESC) WHERE "isShown";
CREATE INDEX "Listing_by_newest" ON "Listing" ("publishedAt" DESC, "searchId" DESC) WHERE "isShown";

-- A version is what its digest says, for ever; what was said of a listing is answered, never changed.
CREATE TRIGGER model_version_rows BEFORE UPDATE OR DELETE ON "ModelVersion"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER version_file_rows BEFORE UPDATE OR DELETE ON "VersionFile"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER timeline_event_rows BEFORE UPDATE OR DELETE ON "TimelineEvent"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Files join a version only in the transaction that makes it.
CREATE FUNCTION refuse_late_version_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM "ModelVersion" WHERE id = NEW."versionId" AND xmin = pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'A version takes no files after it was made' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_file_in_time BEFORE INSERT ON "VersionFile"
  FOR EACH ROW EXECUTE FUNCTION refuse_late_version_file();

-- What the core refuses, refused again.
ALTER TABLE "ListingPart"
  ADD CONSTRAINT "ListingPart_price" CHECK (("pricing" = 'free') = ("priceMinor" = 0) AND "priceMinor" >= 0),
  ADD CONSTRAINT "ListingPart_per_call" CHECK ("pricing" <> 'per_1000_calls' OR "part" = 'hosted_access');
ALTER TABLE "ContributorShare"
  ADD CONSTRAINT "ContributorShare_share" CHECK ("shareBasisPoints" BETWEEN 0 AND 10000);

-- What is paused, retired, frozen or taken down leaves the search in the same statement.
CREATE FUNCTION derive_is_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."isShown" := NEW."status" = 'open' AND NEW."frozenAt" IS NULL AND NEW."takenDownAt" IS NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER listing_is_shown BEFORE INSERT OR UPDATE ON "Listing"
  FOR EACH ROW EXECUTE FUNCTION derive_is_shown();

CREATE FUNCTION check_contributor_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  listing text := coalesce(NEW."listingId", OLD."listingId");
  total bigint;
BEGIN
  SELECT sum("shareBasisPoints") INTO total FROM "ContributorShare" WHERE "listingId" = listing;
  IF total IS NOT NULL AND total <> 10000 THEN
    RAISE EXCEPTION 'The shares of listing % add up to % instead of 10000', listing, total
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contributor_shares_sum AFTER INSERT OR UPDATE OR DELETE ON "ContributorShare"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_contributor_shares();
