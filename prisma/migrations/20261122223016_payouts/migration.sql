-- CreateTable
CREATE TABLE "PayoutDetails" (
    "accountId" TEXT NOT NULL,
    "details" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PayoutDetails_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "Payout" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "bankReference" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "paidAt" TIMESTAMPTZ(3),
    "discardedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PayoutConfirmation" (
    "id" TEXT NOT NULL,
    "payoutId" TEXT NOT NULL,
    "confirmedById" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PayoutConfirmation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Payout_accountId_idx" ON "Payout"("accountId");

-- CreateIndex
CREATE UNIQUE INDEX "PayoutConfirmation_payoutId_confirmedById_key" ON "PayoutConfirmation"("payoutId", "confirmedById");

-- AddForeignKey
ALTER TABLE "PayoutConfirmation" ADD CONSTRAINT "PayoutConfirmation_payoutId_fkey" FOREIGN KEY ("payoutId") REFERENCES "Payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One payout of an account at a time waits for a second operator.
CREATE UNIQUE INDEX "Payout_one_open" ON "Payout" ("accountId") WHERE "paidAt" IS NULL AND "discardedAt" IS NULL;
ALTER TABLE "Payout"
  ADD CONSTRAINT "Payout_amount" CHECK ("amountMinor" > 0),
  ADD CONSTRAINT "Payout_ends_once" CHECK ("paidAt" IS NULL OR "discardedAt" IS NULL);

CREATE FUNCTION guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD."paidAt" IS NOT NULL OR OLD."discardedAt" IS NOT NULL
    OR (to_jsonb(NEW) - 'paidAt' - 'discardedAt') <> (to_jsonb(OLD) - 'paidAt' - 'discardedAt') THEN
    RAISE EXCEPTION 'a payout keeps what it says, and ends once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_rows BEFORE UPDATE OR DELETE ON "Payout"
  FOR EACH ROW EXECUTE FUNCTION guard_payout();
CREATE TRIGGER payout_table BEFORE TRUNCATE ON "Payout"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payout_confirmation_rows BEFORE UPDATE OR DELETE ON "PayoutConfirmation"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payout_confirmation_table BEFORE TRUNCATE ON "PayoutConfirmation"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
