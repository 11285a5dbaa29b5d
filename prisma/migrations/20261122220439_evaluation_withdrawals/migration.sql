-- CreateTable
CREATE TABLE "EvaluationWithdrawal" (
    "evaluationId" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EvaluationWithdrawal_pkey" PRIMARY KEY ("evaluationId")
);

-- CreateIndex
CREATE UNIQUE INDEX "EvaluationWithdrawal_envelopeSha256_key" ON "EvaluationWithdrawal"("envelopeSha256");

-- AddForeignKey
ALTER TABLE "EvaluationWithdrawal" ADD CONSTRAINT "EvaluationWithdrawal_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "Evaluation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EvaluationWithdrawal" ADD CONSTRAINT "EvaluationWithdrawal_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER evaluation_withdrawal_rows BEFORE UPDATE OR DELETE ON "EvaluationWithdrawal"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evaluation_withdrawal_table BEFORE TRUNCATE ON "EvaluationWithdrawal"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
