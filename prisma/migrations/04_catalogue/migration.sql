CREATE TYPE "ListingStatus" AS ENUM ('draft', 'open', 'paused', 'retired');
CREATE TYPE "EvidenceGrade" AS ENUM ('claimed', 'seller_signed', 'third_party', 'platform_measured', 'reproduced');
CREATE TYPE "Part" AS ENUM ('weights', 'adapter', 'training_data', 'evaluation_records', 'attribution_rights', 'hosted_access');
CREATE TYPE "Pricing" AS ENUM ('one_off', 'per_1000_calls', 'free');
CREATE TYPE "RightAnswer" AS ENUM ('yes', 'no', 'not_stated');
CREATE TYPE "Severity" AS ENUM ('minor', 'moderate', 'severe');
CREATE TYPE "VersionKind" AS ENUM ('files', 'endpoint', 'card_only');
CREATE TYPE "LimitationPresence" AS ENUM ('present', 'absent');
CREATE TYPE "ContributionStatus" AS ENUM ('unconfirmed', 'confirmed', 'rejected');

CREATE TABLE "Model" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Model_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ModelVersion" (
    "id" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "VersionKind" NOT NULL,
    "modelDigest" TEXT,
    "manifest" TEXT,
    "endpointUrl" TEXT,
    "runContract" JSONB,
    "runContractSha256" TEXT,
    "card" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ModelVersion_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "StoredFile" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "storageKey" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "structure" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StoredFile_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "UploadInHand" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "reservedBytes" BIGINT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UploadInHand_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "VersionFile" (
    "id" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "storedFileId" TEXT NOT NULL,
    "part" "Part" NOT NULL DEFAULT 'weights',
    "path" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,

    CONSTRAINT "VersionFile_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Listing" (
    "id" TEXT NOT NULL,
    "searchId" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "sellerId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL DEFAULT '',
    "description" TEXT NOT NULL DEFAULT '',
    "descriptionNodes" JSONB,
    "descriptionVersion" INTEGER NOT NULL DEFAULT 0,
    "status" "ListingStatus" NOT NULL DEFAULT 'open',
    "frozenAt" TIMESTAMPTZ(3),
    "takenDownAt" TIMESTAMPTZ(3),
    "task" TEXT,
    "domain" TEXT,
    "languages" TEXT[],
    "declaredLevel" DECIMAL(3,2),
    "contact" TEXT NOT NULL,
    "licenceSpdx" TEXT,
    "useCommercially" "RightAnswer" NOT NULL DEFAULT 'not_stated',
    "modify" "RightAnswer" NOT NULL DEFAULT 'not_stated',
    "redistribute" "RightAnswer" NOT NULL DEFAULT 'not_stated',
    "sublicense" "RightAnswer" NOT NULL DEFAULT 'not_stated',
    "fieldOfUse" TEXT,
    "baseModels" TEXT[],
    "isDemo" BOOLEAN NOT NULL DEFAULT false,
    "evidenceGrade" "EvidenceGrade" NOT NULL DEFAULT 'claimed',
    "evidenceAt" TIMESTAMPTZ(3),
    "envelope" JSONB NOT NULL DEFAULT '[]',
    "evaluatedRows" INTEGER NOT NULL DEFAULT 0,
    "judgedLevel" DECIMAL(4,3),
    "costPer1kCorrectMilli" BIGINT,
    "costPer1kCorrectLowerMilli" BIGINT,
    "costPer1kCorrectUpperMilli" BIGINT,
    "costUnknownBecause" TEXT DEFAULT 'no_evidence',
    "isShown" BOOLEAN NOT NULL DEFAULT false,
    "priceMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "tags" INTEGER[],
    "searchText" tsvector,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Listing_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ListingPart" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "part" "Part" NOT NULL,
    "pricing" "Pricing" NOT NULL,
    "priceMinor" BIGINT NOT NULL,
    "termMonths" INTEGER,
    "isOffered" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "ListingPart_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ListingLimitation" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "presence" "LimitationPresence" NOT NULL DEFAULT 'present',
    "severity" "Severity" NOT NULL DEFAULT 'moderate',
    "condition" TEXT NOT NULL DEFAULT '',
    "measures" JSONB,
    "figure" JSONB,

    CONSTRAINT "ListingLimitation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DataOrigin" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "licence" TEXT,
    "url" TEXT,
    "use" TEXT NOT NULL,
    "rowCount" INTEGER,

    CONSTRAINT "DataOrigin_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ContributorShare" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "accountId" TEXT,
    "name" TEXT NOT NULL,
    "contribution" TEXT NOT NULL,
    "shareBasisPoints" INTEGER NOT NULL,
    "status" "ContributionStatus" NOT NULL DEFAULT 'unconfirmed',

    CONSTRAINT "ContributorShare_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TimelineEvent" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "fromDate" TIMESTAMPTZ(3) NOT NULL,
    "toDate" TIMESTAMPTZ(3),
    "text" TEXT NOT NULL,
    "originator" TEXT NOT NULL,
    "isAdverse" BOOLEAN NOT NULL DEFAULT false,
    "subjectId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TimelineEvent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "FileRelation" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "otherListingId" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "statedById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "FileRelation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "WatchedListing" (
    "accountId" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WatchedListing_pkey" PRIMARY KEY ("accountId","listingId")
);

CREATE TABLE "FacetTag" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "FacetTag_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TagBits" (
    "tag" INTEGER NOT NULL,
    "block" INTEGER NOT NULL,
    "bits" BIT(32768) NOT NULL,

    CONSTRAINT "TagBits_pkey" PRIMARY KEY ("tag","block")
);

CREATE TABLE "SearchChange" (
    "searchId" INTEGER NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SearchChange_pkey" PRIMARY KEY ("searchId")
);

CREATE INDEX "Model_ownerId_idx" ON "Model"("ownerId");
CREATE INDEX "ModelVersion_modelDigest_idx" ON "ModelVersion"("modelDigest");
CREATE UNIQUE INDEX "ModelVersion_modelId_number_key" ON "ModelVersion"("modelId", "number");
CREATE UNIQUE INDEX "StoredFile_storageKey_key" ON "StoredFile"("storageKey");
CREATE INDEX "StoredFile_ownerId_idx" ON "StoredFile"("ownerId");
CREATE INDEX "StoredFile_sha256_idx" ON "StoredFile"("sha256");
CREATE INDEX "UploadInHand_ownerId_idx" ON "UploadInHand"("ownerId");
CREATE INDEX "UploadInHand_expiresAt_idx" ON "UploadInHand"("expiresAt");
CREATE INDEX "VersionFile_sha256_idx" ON "VersionFile"("sha256");
CREATE UNIQUE INDEX "VersionFile_versionId_path_key" ON "VersionFile"("versionId", "path");
CREATE UNIQUE INDEX "Listing_searchId_key" ON "Listing"("searchId");
CREATE UNIQUE INDEX "Listing_slug_key" ON "Listing"("slug");
CREATE INDEX "Listing_sellerId_idx" ON "Listing"("sellerId");
CREATE INDEX "Listing_modelId_idx" ON "Listing"("modelId");
CREATE INDEX "Listing_versionId_idx" ON "Listing"("versionId");
CREATE UNIQUE INDEX "ListingPart_listingId_part_key" ON "ListingPart"("listingId", "part");
CREATE INDEX "ListingLimitation_listingId_idx" ON "ListingLimitation"("listingId");
CREATE INDEX "DataOrigin_listingId_idx" ON "DataOrigin"("listingId");
CREATE INDEX "ContributorShare_listingId_idx" ON "ContributorShare"("listingId");
CREATE INDEX "ContributorShare_accountId_idx" ON "ContributorShare"("accountId");
CREATE INDEX "TimelineEvent_listingId_fromDate_idx" ON "TimelineEvent"("listingId", "fromDate");
CREATE UNIQUE INDEX "FileRelation_sha256_listingId_otherListingId_key" ON "FileRelation"("sha256", "listingId", "otherListingId");
CREATE UNIQUE INDEX "FacetTag_kind_value_key" ON "FacetTag"("kind", "value");

ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "VersionFile" ADD CONSTRAINT "VersionFile_versionId_fkey" FOREIGN KEY ("versionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "VersionFile" ADD CONSTRAINT "VersionFile_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Listing" ADD CONSTRAINT "Listing_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ListingPart" ADD CONSTRAINT "ListingPart_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ListingLimitation" ADD CONSTRAINT "ListingLimitation_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DataOrigin" ADD CONSTRAINT "DataOrigin_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ContributorShare" ADD CONSTRAINT "ContributorShare_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "TimelineEvent" ADD CONSTRAINT "TimelineEvent_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "WatchedListing" ADD CONSTRAINT "WatchedListing_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
CALL keep('rows', 'ModelVersion', 'VersionFile', 'TimelineEvent');

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
ALTER TABLE "StoredFile"
  ADD CONSTRAINT "StoredFile_format" CHECK ("format" IN ('onnx', 'safetensors', 'gguf', 'fasttext', 'npy', 'text', 'rows', 'parquet', 'eval')),
  ADD CONSTRAINT "StoredFile_size" CHECK ("sizeBytes" > 0);
-- A cost that is not known says why, and is never a number.
ALTER TABLE "Listing"
  ADD CONSTRAINT "Listing_cost" CHECK (("costPer1kCorrectMilli" IS NULL) = ("costUnknownBecause" IS NOT NULL)
    AND "costPer1kCorrectLowerMilli" <= "costPer1kCorrectMilli" AND "costPer1kCorrectMilli" <= "costPer1kCorrectUpperMilli");
-- A figure stands beside a limitation only when it counts the very slice, class and quantity that the limitation names.
ALTER TABLE "ListingLimitation"
  ADD CONSTRAINT "ListingLimitation_figure" CHECK ("figure" IS NULL OR coalesce("figure" -> 'of' = "measures" - 'name', false)),
  ADD CONSTRAINT "ListingLimitation_measures" CHECK ("measures" IS NULL OR coalesce("presence" = 'present' AND CASE
    WHEN "measures" ? 'slice' THEN "measures" ->> 'quantity' = 'accuracy' AND NOT "measures" ? 'class'
    WHEN "measures" ? 'class' THEN "measures" ->> 'quantity' IN ('recall', 'precision')
    ELSE "measures" ->> 'quantity' IN ('accuracy', 'coverage') END, false));
-- One of a type for each thing that measures it.
CREATE UNIQUE INDEX "ListingLimitation_one" ON "ListingLimitation" ("listingId", "type", md5(coalesce(("measures" - 'name')::text, '')));
ALTER TABLE "UploadInHand"
  ADD CONSTRAINT "UploadInHand_size" CHECK ("reservedBytes" > 0);
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
