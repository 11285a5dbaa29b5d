CREATE TABLE "ListingDraft" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "listingId" TEXT,
    "fields" JSONB NOT NULL DEFAULT '{}',
    "notMapped" JSONB NOT NULL DEFAULT '[]',
    "card" TEXT NOT NULL DEFAULT '',
    "runContract" JSONB,
    "dryRun" JSONB,
    "cardLimits" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "typedRevision" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "savedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closedAt" TIMESTAMPTZ(3),
    "publishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ListingDraft_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DraftFile" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "storedFileId" TEXT NOT NULL,
    "part" "Part" NOT NULL DEFAULT 'weights',
    "path" TEXT NOT NULL,

    CONSTRAINT "DraftFile_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "FileReading" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'reading',
    "progress" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "location" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "FileReading_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DraftImport" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "storedFileId" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "report" JSONB NOT NULL,
    "evaluationId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DraftImport_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "ListingDraft_ownerId_idx" ON "ListingDraft"("ownerId");
CREATE INDEX "FileReading_accountId_idx" ON "FileReading"("accountId");
CREATE UNIQUE INDEX "DraftFile_draftId_path_key" ON "DraftFile"("draftId", "path");
CREATE INDEX "DraftImport_draftId_idx" ON "DraftImport"("draftId");
CREATE INDEX "DraftImport_storedFileId_idx" ON "DraftImport"("storedFileId");
CREATE INDEX "DraftImport_evaluationId_idx" ON "DraftImport"("evaluationId");

ALTER TABLE "DraftFile" ADD CONSTRAINT "DraftFile_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "ListingDraft"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DraftFile" ADD CONSTRAINT "DraftFile_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "DraftImport" ADD CONSTRAINT "DraftImport_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "ListingDraft"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DraftImport" ADD CONSTRAINT "DraftImport_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "FileReading" ADD CONSTRAINT "FileReading_ends" CHECK (
    "state" IN ('reading', 'ready', 'refused') AND ("state" = 'reading') = ("endedAt" IS NULL)
);
-- One reader works for an account, whichever process asked for it.
CREATE UNIQUE INDEX "FileReading_one_for_an_account" ON "FileReading" ("accountId") WHERE "state" = 'reading';
