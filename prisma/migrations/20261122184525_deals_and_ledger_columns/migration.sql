-- AlterEnum
ALTER TYPE "FulfilmentState" ADD VALUE 'LAPSED';

-- AlterTable
ALTER TABLE "Deal" ADD COLUMN     "remindedAt" TIMESTAMPTZ(3),
ADD COLUMN     "requestKey" TEXT NOT NULL;

-- AlterTable
ALTER TABLE "JournalEntry" ADD COLUMN     "postingCount" INTEGER NOT NULL;

-- CreateTable
CREATE TABLE "PaymentReceipt" (
    "id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "confirmedById" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PaymentReceipt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PaymentReceipt_reference_confirmedById_key" ON "PaymentReceipt"("reference", "confirmedById");

-- CreateIndex
CREATE UNIQUE INDEX "Deal_requestKey_key" ON "Deal"("requestKey");
