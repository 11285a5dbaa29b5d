CREATE TABLE "JournalEntry" (
    "id" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "postingCount" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "JournalEntry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Posting" (
    "id" BIGSERIAL NOT NULL,
    "entryId" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "debitMinor" BIGINT NOT NULL DEFAULT 0,
    "creditMinor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,

    CONSTRAINT "Posting_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "PaymentReceipt" (
    "id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "confirmedById" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PaymentReceipt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "PayoutDetails" (
    "accountId" TEXT NOT NULL,
    "details" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PayoutDetails_pkey" PRIMARY KEY ("accountId")
);

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

CREATE TABLE "PayoutConfirmation" (
    "id" TEXT NOT NULL,
    "payoutId" TEXT NOT NULL,
    "confirmedById" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PayoutConfirmation_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "JournalEntry_idempotencyKey_key" ON "JournalEntry"("idempotencyKey");
CREATE INDEX "JournalEntry_subjectId_idx" ON "JournalEntry"("subjectId");
CREATE INDEX "Posting_account_idx" ON "Posting"("account");
CREATE INDEX "Posting_entryId_idx" ON "Posting"("entryId");
CREATE UNIQUE INDEX "PaymentReceipt_reference_confirmedById_key" ON "PaymentReceipt"("reference", "confirmedById");
CREATE INDEX "Payout_accountId_idx" ON "Payout"("accountId");
CREATE UNIQUE INDEX "PayoutConfirmation_payoutId_confirmedById_key" ON "PayoutConfirmation"("payoutId", "confirmedById");

ALTER TABLE "Posting" ADD CONSTRAINT "Posting_entryId_fkey" FOREIGN KEY ("entryId") REFERENCES "JournalEntry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "PayoutConfirmation" ADD CONSTRAINT "PayoutConfirmation_payoutId_fkey" FOREIGN KEY ("payoutId") REFERENCES "Payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The journal: what the core promises, said again where nothing can get around it.
ALTER TABLE "Posting"
  ADD CONSTRAINT "Posting_one_side" CHECK (
    "debitMinor" >= 0 AND "creditMinor" >= 0 AND ("debitMinor" = 0) <> ("creditMinor" = 0)),
  ADD CONSTRAINT "Posting_currency" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "Posting_account" CHECK (
    account ~ '^(cash:(demo|bank-transfer)|escrow:[^:]+|payable:[^:]+|unclaimed:[^:]+:[0-9]+|revenue:fees)$');
ALTER TABLE "JournalEntry" ADD CONSTRAINT "JournalEntry_two_sides" CHECK ("postingCount" >= 2);

CREATE FUNCTION require_balanced_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry text := CASE TG_TABLE_NAME WHEN 'JournalEntry' THEN to_jsonb(NEW)->>'id' ELSE to_jsonb(NEW)->>'entryId' END;
  expected integer;
  found integer;
BEGIN
  SELECT "postingCount" INTO expected FROM "JournalEntry" WHERE id = entry;
  SELECT count(*) INTO found FROM "Posting" WHERE "entryId" = entry;
  IF found <> expected THEN
    RAISE EXCEPTION 'journal entry % has % postings instead of %', entry, found, expected
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM "Posting" WHERE "entryId" = entry
    GROUP BY currency HAVING sum("debitMinor") <> sum("creditMinor")
  ) THEN
    RAISE EXCEPTION 'journal entry % is not balanced', entry USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_entry_balanced AFTER INSERT ON "JournalEntry"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_entry();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON "Posting"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_entry();

CALL keep('rows', 'JournalEntry', 'Posting', 'PaymentReceipt', 'PayoutConfirmation');
CALL keep('table', 'JournalEntry', 'Posting', 'PaymentReceipt', 'Payout', 'PayoutConfirmation');

-- One payout of an account at a time waits for a second operator.
CREATE UNIQUE INDEX "Payout_one_open" ON "Payout" ("accountId") WHERE "paidAt" IS NULL AND "discardedAt" IS NULL;
-- A transfer of the bank is paid out to an account once; one that was discarded may be confirmed again.
CREATE UNIQUE INDEX "Payout_reference_once" ON "Payout" ("accountId", "bankReference") WHERE "discardedAt" IS NULL;
ALTER TABLE "Payout"
  ADD CONSTRAINT "Payout_amount" CHECK ("amountMinor" > 0),
  ADD CONSTRAINT "Payout_ends_once" CHECK ("paidAt" IS NULL OR "discardedAt" IS NULL);

CREATE TRIGGER payout_rows BEFORE UPDATE OR DELETE ON "Payout"
  FOR EACH ROW EXECUTE FUNCTION fill_once('a payout keeps what it says, and ends once', 'paidAt', 'discardedAt');
