-- CreateEnum
CREATE TYPE "LicenceStatus" AS ENUM ('active', 'revoked');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('evaluator', 'moderator', 'administrator');

-- CreateEnum
CREATE TYPE "AccountStatus" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "EmailTokenPurpose" AS ENUM ('verify_email', 'reset_password');

-- CreateEnum
CREATE TYPE "SigningKeyKind" AS ENUM ('device', 'command_line', 'delegated', 'platform');

-- CreateEnum
CREATE TYPE "ListingStatus" AS ENUM ('draft', 'open', 'paused', 'retired');

-- CreateEnum
CREATE TYPE "EvidenceGrade" AS ENUM ('claimed', 'seller_signed', 'third_party', 'platform_measured', 'reproduced');

-- CreateEnum
CREATE TYPE "Part" AS ENUM ('weights', 'adapter', 'training_data', 'evaluation_records', 'attribution_rights', 'hosted_access');

-- CreateEnum
CREATE TYPE "Pricing" AS ENUM ('one_off', 'per_1000_calls', 'free');

-- CreateEnum
CREATE TYPE "RightAnswer" AS ENUM ('yes', 'no', 'not_stated');

-- CreateEnum
CREATE TYPE "Severity" AS ENUM ('minor', 'moderate', 'severe');

-- CreateEnum
CREATE TYPE "VersionKind" AS ENUM ('files', 'endpoint', 'card_only');

-- CreateEnum
CREATE TYPE "LimitationPresence" AS ENUM ('present', 'absent');

-- CreateEnum
CREATE TYPE "ContributionStatus" AS ENUM ('unconfirmed', 'confirmed', 'rejected');

-- CreateEnum
CREATE TYPE "NegotiationState" AS ENUM ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED');

-- CreateEnum
CREATE TYPE "FulfilmentState" AS ENUM ('UNFUNDED', 'FUNDED', 'DELIVERED', 'DELIVERY_ACCEPTED', 'RELEASED', 'DISPUTED', 'REFUNDED', 'SPLIT');

-- CreateEnum
CREATE TYPE "DealParty" AS ENUM ('buyer', 'seller');

-- CreateEnum
CREATE TYPE "SignatureMethod" AS ENUM ('device_key', 'session');

-- CreateEnum
CREATE TYPE "OfferStatus" AS ENUM ('open', 'countered', 'accepted', 'declined', 'expired');

-- CreateEnum
CREATE TYPE "DisputeState" AS ENUM ('open', 'ruled', 'withdrawn');

-- CreateEnum
CREATE TYPE "RulingOutcome" AS ENUM ('release', 'refund', 'split');

-- CreateEnum
CREATE TYPE "ReportState" AS ENUM ('open', 'upheld', 'dismissed');

-- CreateEnum
CREATE TYPE "SanctionKind" AS ENUM ('freeze', 'take_down', 'suspend');

-- CreateEnum
CREATE TYPE "AppealState" AS ENUM ('open', 'granted', 'refused');

-- CreateTable
CREATE TABLE "Licence" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "licensorId" TEXT NOT NULL,
    "licenseeId" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "part" "Part" NOT NULL,
    "rights" JSONB NOT NULL,
    "odrl" JSONB NOT NULL,
    "status" "LicenceStatus" NOT NULL DEFAULT 'active',
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "revokedReason" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Licence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerifiedAt" TIMESTAMPTZ(3),
    "passwordHash" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "bio" TEXT NOT NULL DEFAULT '',
    "websiteUrl" TEXT,
    "roles" "Role"[] DEFAULT ARRAY[]::"Role"[],
    "status" "AccountStatus" NOT NULL DEFAULT 'active',
    "suspendedReason" TEXT,
    "isDemo" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "userAgent" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "EmailToken" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "purpose" "EmailTokenPurpose" NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "EmailToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SigningKey" (
    "id" TEXT NOT NULL,
    "accountId" TEXT,
    "kind" "SigningKeyKind" NOT NULL,
    "label" TEXT NOT NULL,
    "spki" BYTEA NOT NULL,
    "isDemo" BOOLEAN NOT NULL DEFAULT false,
    "enrolledBy" TEXT NOT NULL,
    "enrolledAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SigningKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Model" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ModelVersion" (
    "id" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "VersionKind" NOT NULL,
    "modelDigest" TEXT,
    "manifest" TEXT,
    "endpointUrl" TEXT,
    "card" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ModelVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StoredFile" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "storageKey" TEXT NOT NULL,
    "wrappedDataKey" BYTEA NOT NULL,
    "format" TEXT NOT NULL,
    "structure" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StoredFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
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
    "costPer1kCorrectMilli" BIGINT,
    "costPer1kCorrectLowerMilli" BIGINT,
    "costPer1kCorrectUpperMilli" BIGINT,
    "priceMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "tags" INTEGER[],
    "searchText" tsvector,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Listing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "ListingLimitation" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "presence" "LimitationPresence" NOT NULL DEFAULT 'present',
    "severity" "Severity" NOT NULL DEFAULT 'moderate',
    "condition" TEXT NOT NULL DEFAULT '',
    "effect" JSONB,
    "source" TEXT NOT NULL DEFAULT 'declared',

    CONSTRAINT "ListingLimitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
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

-- CreateTable
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

-- CreateTable
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

-- CreateTable
CREATE TABLE "WatchedListing" (
    "accountId" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WatchedListing_pkey" PRIMARY KEY ("accountId","listingId")
);

-- CreateTable
CREATE TABLE "FacetTag" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "FacetTag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ListingDraft" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "listingId" TEXT,
    "fields" JSONB NOT NULL DEFAULT '{}',
    "notMapped" JSONB NOT NULL DEFAULT '[]',
    "card" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "savedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ListingDraft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DraftFile" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "storedFileId" TEXT NOT NULL,
    "part" "Part" NOT NULL DEFAULT 'weights',
    "path" TEXT NOT NULL,

    CONSTRAINT "DraftFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
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
    "priceMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "termMonths" INTEGER,
    "feeBasisPoints" INTEGER NOT NULL,
    "shares" JSONB NOT NULL DEFAULT '[]',
    "paymentProvider" TEXT NOT NULL,
    "paymentReference" TEXT NOT NULL,
    "deadlineKind" TEXT,
    "deadlineAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Deal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "Contract" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "terms" TEXT NOT NULL,
    "termsSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Contract_pkey" PRIMARY KEY ("id")
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "Delivery" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "deliveredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DealEvent" (
    "id" BIGSERIAL NOT NULL,
    "dealId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" TEXT,
    "kind" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "DealEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DealMessage" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DealMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dispute" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "openedById" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "state" "DisputeState" NOT NULL DEFAULT 'open',
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "answerBy" TIMESTAMPTZ(3) NOT NULL,
    "ruleBy" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Dispute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DisputeStatement" (
    "id" TEXT NOT NULL,
    "disputeId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DisputeStatement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Ruling" (
    "id" TEXT NOT NULL,
    "disputeId" TEXT NOT NULL,
    "moderatorId" TEXT NOT NULL,
    "outcome" "RulingOutcome" NOT NULL,
    "buyerMinor" BIGINT NOT NULL,
    "sellerMinor" BIGINT NOT NULL,
    "rationale" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Ruling_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Report" (
    "id" TEXT NOT NULL,
    "reporterId" TEXT,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "pageUrl" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "ReportState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handledById" TEXT,
    "handledAt" TIMESTAMPTZ(3),
    "resolution" TEXT,

    CONSTRAINT "Report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Sanction" (
    "id" TEXT NOT NULL,
    "kind" "SanctionKind" NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "moderatorId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "liftedAt" TIMESTAMPTZ(3),
    "liftedById" TEXT,
    "liftReason" TEXT,

    CONSTRAINT "Sanction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Appeal" (
    "id" TEXT NOT NULL,
    "sanctionId" TEXT NOT NULL,
    "appellantId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "AppealState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" TEXT,
    "decidedAt" TIMESTAMPTZ(3),
    "decision" TEXT,

    CONSTRAINT "Appeal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Evaluation" (
    "id" TEXT NOT NULL,
    "listingId" TEXT,
    "draftId" TEXT,
    "versionId" TEXT,
    "modelDigest" TEXT,
    "dataSetName" TEXT NOT NULL,
    "rowsDigest" TEXT NOT NULL,
    "rowsFileId" TEXT,
    "rowsUse" TEXT NOT NULL DEFAULT 'attestation',
    "grade" "EvidenceGrade" NOT NULL,
    "evaluatorId" TEXT,
    "n" INTEGER NOT NULL,
    "declaredLevel" DECIMAL(3,2) NOT NULL,
    "summary" JSONB NOT NULL,
    "runtime" JSONB NOT NULL DEFAULT '{}',
    "observedFrom" TIMESTAMPTZ(3),
    "observedTo" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3) NOT NULL,
    "envelopeSha256" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Envelope" (
    "sha256" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "predicateType" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "subjects" TEXT[],
    "signerId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Envelope_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "JournalEntry" (
    "id" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "JournalEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Posting" (
    "id" BIGSERIAL NOT NULL,
    "entryId" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "debitMinor" BIGINT NOT NULL DEFAULT 0,
    "creditMinor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,

    CONSTRAINT "Posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "logOrigin" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "isDemo" BOOLEAN NOT NULL,
    "clockOffsetSeconds" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MailboxMessage" (
    "id" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MailboxMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorId" TEXT,
    "actorKind" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "reason" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "previousHash" BYTEA,
    "hash" BYTEA,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Licence_dealId_key" ON "Licence"("dealId");

-- CreateIndex
CREATE INDEX "Licence_licenseeId_idx" ON "Licence"("licenseeId");

-- CreateIndex
CREATE INDEX "Licence_licensorId_idx" ON "Licence"("licensorId");

-- CreateIndex
CREATE INDEX "Licence_listingId_idx" ON "Licence"("listingId");

-- CreateIndex
CREATE UNIQUE INDEX "Account_email_key" ON "Account"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Account_handle_key" ON "Account"("handle");

-- CreateIndex
CREATE INDEX "Session_accountId_idx" ON "Session"("accountId");

-- CreateIndex
CREATE UNIQUE INDEX "EmailToken_tokenHash_key" ON "EmailToken"("tokenHash");

-- CreateIndex
CREATE INDEX "EmailToken_accountId_purpose_idx" ON "EmailToken"("accountId", "purpose");

-- CreateIndex
CREATE INDEX "SigningKey_accountId_idx" ON "SigningKey"("accountId");

-- CreateIndex
CREATE INDEX "Model_ownerId_idx" ON "Model"("ownerId");

-- CreateIndex
CREATE INDEX "ModelVersion_modelDigest_idx" ON "ModelVersion"("modelDigest");

-- CreateIndex
CREATE UNIQUE INDEX "ModelVersion_modelId_number_key" ON "ModelVersion"("modelId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "StoredFile_storageKey_key" ON "StoredFile"("storageKey");

-- CreateIndex
CREATE INDEX "StoredFile_ownerId_idx" ON "StoredFile"("ownerId");

-- CreateIndex
CREATE INDEX "StoredFile_sha256_idx" ON "StoredFile"("sha256");

-- CreateIndex
CREATE INDEX "VersionFile_sha256_idx" ON "VersionFile"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "VersionFile_versionId_path_key" ON "VersionFile"("versionId", "path");

-- CreateIndex
CREATE UNIQUE INDEX "Listing_searchId_key" ON "Listing"("searchId");

-- CreateIndex
CREATE UNIQUE INDEX "Listing_slug_key" ON "Listing"("slug");

-- CreateIndex
CREATE INDEX "Listing_sellerId_idx" ON "Listing"("sellerId");

-- CreateIndex
CREATE INDEX "Listing_modelId_idx" ON "Listing"("modelId");

-- CreateIndex
CREATE INDEX "Listing_versionId_idx" ON "Listing"("versionId");

-- CreateIndex
CREATE UNIQUE INDEX "ListingPart_listingId_part_key" ON "ListingPart"("listingId", "part");

-- CreateIndex
CREATE UNIQUE INDEX "ListingLimitation_listingId_type_key" ON "ListingLimitation"("listingId", "type");

-- CreateIndex
CREATE INDEX "DataOrigin_listingId_idx" ON "DataOrigin"("listingId");

-- CreateIndex
CREATE INDEX "ContributorShare_listingId_idx" ON "ContributorShare"("listingId");

-- CreateIndex
CREATE INDEX "ContributorShare_accountId_idx" ON "ContributorShare"("accountId");

-- CreateIndex
CREATE INDEX "TimelineEvent_listingId_fromDate_idx" ON "TimelineEvent"("listingId", "fromDate");

-- CreateIndex
CREATE UNIQUE INDEX "FileRelation_sha256_listingId_otherListingId_key" ON "FileRelation"("sha256", "listingId", "otherListingId");

-- CreateIndex
CREATE UNIQUE INDEX "FacetTag_kind_value_key" ON "FacetTag"("kind", "value");

-- CreateIndex
CREATE INDEX "ListingDraft_ownerId_idx" ON "ListingDraft"("ownerId");

-- CreateIndex
CREATE UNIQUE INDEX "DraftFile_draftId_path_key" ON "DraftFile"("draftId", "path");

-- CreateIndex
CREATE INDEX "StandingOffer_listingId_part_idx" ON "StandingOffer"("listingId", "part");

-- CreateIndex
CREATE UNIQUE INDEX "Deal_paymentReference_key" ON "Deal"("paymentReference");

-- CreateIndex
CREATE INDEX "Deal_buyerId_idx" ON "Deal"("buyerId");

-- CreateIndex
CREATE INDEX "Deal_sellerId_idx" ON "Deal"("sellerId");

-- CreateIndex
CREATE INDEX "Deal_listingId_idx" ON "Deal"("listingId");

-- CreateIndex
CREATE INDEX "Deal_deadlineAt_idx" ON "Deal"("deadlineAt");

-- CreateIndex
CREATE UNIQUE INDEX "Offer_dealId_number_key" ON "Offer"("dealId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Contract_dealId_key" ON "Contract"("dealId");

-- CreateIndex
CREATE UNIQUE INDEX "DealSignature_dealId_party_key" ON "DealSignature"("dealId", "party");

-- CreateIndex
CREATE INDEX "Delivery_dealId_idx" ON "Delivery"("dealId");

-- CreateIndex
CREATE INDEX "DealEvent_dealId_id_idx" ON "DealEvent"("dealId", "id");

-- CreateIndex
CREATE INDEX "DealMessage_dealId_createdAt_idx" ON "DealMessage"("dealId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Dispute_dealId_key" ON "Dispute"("dealId");

-- CreateIndex
CREATE INDEX "Dispute_state_ruleBy_idx" ON "Dispute"("state", "ruleBy");

-- CreateIndex
CREATE INDEX "DisputeStatement_disputeId_idx" ON "DisputeStatement"("disputeId");

-- CreateIndex
CREATE UNIQUE INDEX "Ruling_disputeId_key" ON "Ruling"("disputeId");

-- CreateIndex
CREATE INDEX "Report_state_createdAt_idx" ON "Report"("state", "createdAt");

-- CreateIndex
CREATE INDEX "Sanction_subjectKind_subjectId_idx" ON "Sanction"("subjectKind", "subjectId");

-- CreateIndex
CREATE INDEX "Sanction_accountId_idx" ON "Sanction"("accountId");

-- CreateIndex
CREATE UNIQUE INDEX "Appeal_sanctionId_key" ON "Appeal"("sanctionId");

-- CreateIndex
CREATE INDEX "Appeal_state_createdAt_idx" ON "Appeal"("state", "createdAt");

-- CreateIndex
CREATE INDEX "Evaluation_listingId_idx" ON "Evaluation"("listingId");

-- CreateIndex
CREATE INDEX "Evaluation_draftId_idx" ON "Evaluation"("draftId");

-- CreateIndex
CREATE INDEX "Evaluation_versionId_idx" ON "Evaluation"("versionId");

-- CreateIndex
CREATE INDEX "Envelope_subjects_idx" ON "Envelope" USING GIN ("subjects");

-- CreateIndex
CREATE INDEX "Envelope_keyId_idx" ON "Envelope"("keyId");

-- CreateIndex
CREATE UNIQUE INDEX "JournalEntry_idempotencyKey_key" ON "JournalEntry"("idempotencyKey");

-- CreateIndex
CREATE INDEX "JournalEntry_subjectId_idx" ON "JournalEntry"("subjectId");

-- CreateIndex
CREATE INDEX "Posting_account_idx" ON "Posting"("account");

-- CreateIndex
CREATE INDEX "Posting_entryId_idx" ON "Posting"("entryId");

-- CreateIndex
CREATE UNIQUE INDEX "MailboxMessage_idempotencyKey_key" ON "MailboxMessage"("idempotencyKey");

-- CreateIndex
CREATE INDEX "MailboxMessage_createdAt_idx" ON "MailboxMessage"("createdAt");

-- CreateIndex
CREATE INDEX "AuditEvent_subjectKind_subjectId_idx" ON "AuditEvent"("subjectKind", "subjectId");

-- CreateIndex
CREATE INDEX "AuditEvent_actorId_idx" ON "AuditEvent"("actorId");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EmailToken" ADD CONSTRAINT "EmailToken_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SigningKey" ADD CONSTRAINT "SigningKey_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VersionFile" ADD CONSTRAINT "VersionFile_versionId_fkey" FOREIGN KEY ("versionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VersionFile" ADD CONSTRAINT "VersionFile_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Listing" ADD CONSTRAINT "Listing_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ListingPart" ADD CONSTRAINT "ListingPart_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ListingLimitation" ADD CONSTRAINT "ListingLimitation_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DataOrigin" ADD CONSTRAINT "DataOrigin_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ContributorShare" ADD CONSTRAINT "ContributorShare_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TimelineEvent" ADD CONSTRAINT "TimelineEvent_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WatchedListing" ADD CONSTRAINT "WatchedListing_listingId_fkey" FOREIGN KEY ("listingId") REFERENCES "Listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftFile" ADD CONSTRAINT "DraftFile_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "ListingDraft"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftFile" ADD CONSTRAINT "DraftFile_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Offer" ADD CONSTRAINT "Offer_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Contract" ADD CONSTRAINT "Contract_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DealSignature" ADD CONSTRAINT "DealSignature_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DealEvent" ADD CONSTRAINT "DealEvent_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DealMessage" ADD CONSTRAINT "DealMessage_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DisputeStatement" ADD CONSTRAINT "DisputeStatement_disputeId_fkey" FOREIGN KEY ("disputeId") REFERENCES "Dispute"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Ruling" ADD CONSTRAINT "Ruling_disputeId_fkey" FOREIGN KEY ("disputeId") REFERENCES "Dispute"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Appeal" ADD CONSTRAINT "Appeal_sanctionId_fkey" FOREIGN KEY ("sanctionId") REFERENCES "Sanction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Evaluation" ADD CONSTRAINT "Evaluation_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Posting" ADD CONSTRAINT "Posting_entryId_fkey" FOREIGN KEY ("entryId") REFERENCES "JournalEntry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
