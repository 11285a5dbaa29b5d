-- AlterTable
ALTER TABLE "Evaluation" ADD COLUMN     "rowsSalt" TEXT;
