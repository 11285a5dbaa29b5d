-- AlterTable
ALTER TABLE "ListingDraft" ADD COLUMN     "typedRevision" INTEGER NOT NULL DEFAULT 0;

-- What stands in a draft so far was typed.
UPDATE "ListingDraft" SET "typedRevision" = "revision";

-- CreateTable
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

-- CreateIndex
CREATE INDEX "DraftImport_draftId_idx" ON "DraftImport"("draftId");

-- CreateIndex
CREATE INDEX "DraftImport_storedFileId_idx" ON "DraftImport"("storedFileId");

-- CreateIndex
CREATE INDEX "DraftImport_evaluationId_idx" ON "DraftImport"("evaluationId");

-- AddForeignKey
ALTER TABLE "DraftImport" ADD CONSTRAINT "DraftImport_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "ListingDraft"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftImport" ADD CONSTRAINT "DraftImport_storedFileId_fkey" FOREIGN KEY ("storedFileId") REFERENCES "StoredFile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
