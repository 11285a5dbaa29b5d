ALTER TABLE "ListingDraft" ADD COLUMN "publishedAt" TIMESTAMPTZ(3);
