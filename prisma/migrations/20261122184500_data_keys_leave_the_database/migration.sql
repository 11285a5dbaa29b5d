ALTER TABLE "StoredFile" DROP COLUMN "wrappedDataKey";
