CREATE TYPE "LicenceStatus" AS ENUM ('active', 'revoked');

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

CREATE UNIQUE INDEX "Licence_dealId_key" ON "Licence"("dealId");
CREATE INDEX "Licence_licenseeId_idx" ON "Licence"("licenseeId");
CREATE INDEX "Licence_licensorId_idx" ON "Licence"("licensorId");
CREATE INDEX "Licence_listingId_idx" ON "Licence"("listingId");
