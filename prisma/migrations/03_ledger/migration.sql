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

CREATE TABLE "StatementDraft" (
    "id" TEXT NOT NULL,
    "uploadedById" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "bytes" BYTEA,
    "outcome" TEXT,
    "mapping" JSONB,
    "reading" JSONB,
    "uploadedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StatementDraft_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "BankStatement" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "layout" TEXT NOT NULL,
    "account" TEXT,
    "currency" TEXT NOT NULL,
    "firstDay" TEXT NOT NULL,
    "lastDay" TEXT NOT NULL,
    "credits" INTEGER NOT NULL,
    "creditMinor" BIGINT NOT NULL,
    "passedOver" INTEGER NOT NULL,
    "mapping" JSONB,
    "importedById" TEXT NOT NULL,
    "importedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "BankStatement_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ReceivedTransfer" (
    "id" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "paymentReference" TEXT,
    "text" TEXT NOT NULL,
    "bookedOn" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "receivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ReceivedTransfer_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "StatementLine" (
    "key" TEXT NOT NULL,
    "statementId" TEXT NOT NULL,
    "transferId" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "bookedOn" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "bankReference" TEXT,

    CONSTRAINT "StatementLine_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "PaymentReceipt" (
    "id" TEXT NOT NULL,
    "transferId" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "confirmedById" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PaymentReceipt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TransferUse" (
    "transferId" TEXT NOT NULL,
    "usedFor" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TransferUse_pkey" PRIMARY KEY ("transferId")
);

CREATE TABLE "PayoutDetails" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "details" TEXT NOT NULL,
    "statedAt" TIMESTAMPTZ(3) NOT NULL,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "cancelledAt" TIMESTAMPTZ(3),

    CONSTRAINT "PayoutDetails_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Payout" (
    "id" TEXT NOT NULL,
    "accountId" TEXT,
    "transferId" TEXT,
    "detailsId" TEXT,
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
CREATE INDEX "StatementDraft_uploadedById_idx" ON "StatementDraft"("uploadedById");
CREATE UNIQUE INDEX "BankStatement_sha256_key" ON "BankStatement"("sha256");
CREATE INDEX "ReceivedTransfer_paymentReference_idx" ON "ReceivedTransfer"("paymentReference");
CREATE INDEX "ReceivedTransfer_createdAt_idx" ON "ReceivedTransfer"("createdAt");
CREATE UNIQUE INDEX "StatementLine_transferId_key" ON "StatementLine"("transferId");
CREATE INDEX "StatementLine_statementId_idx" ON "StatementLine"("statementId");
CREATE UNIQUE INDEX "PaymentReceipt_transferId_reference_confirmedById_key" ON "PaymentReceipt"("transferId", "reference", "confirmedById");
CREATE UNIQUE INDEX "TransferUse_subjectId_key" ON "TransferUse"("subjectId");
CREATE INDEX "PayoutDetails_accountId_idx" ON "PayoutDetails"("accountId");
CREATE INDEX "Payout_accountId_idx" ON "Payout"("accountId");
CREATE UNIQUE INDEX "PayoutConfirmation_payoutId_confirmedById_key" ON "PayoutConfirmation"("payoutId", "confirmedById");

ALTER TABLE "Posting" ADD CONSTRAINT "Posting_entryId_fkey" FOREIGN KEY ("entryId") REFERENCES "JournalEntry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "StatementLine" ADD CONSTRAINT "StatementLine_statementId_fkey" FOREIGN KEY ("statementId") REFERENCES "BankStatement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "StatementLine" ADD CONSTRAINT "StatementLine_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "ReceivedTransfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "PaymentReceipt" ADD CONSTRAINT "PaymentReceipt_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "ReceivedTransfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "TransferUse" ADD CONSTRAINT "TransferUse_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "ReceivedTransfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_detailsId_fkey" FOREIGN KEY ("detailsId") REFERENCES "PayoutDetails"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Payout" ADD CONSTRAINT "Payout_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "ReceivedTransfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "PayoutConfirmation" ADD CONSTRAINT "PayoutConfirmation_payoutId_fkey" FOREIGN KEY ("payoutId") REFERENCES "Payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The journal: what the core promises, said again where nothing can get around it.
ALTER TABLE "Posting"
  ADD CONSTRAINT "Posting_one_side" CHECK (
    "debitMinor" >= 0 AND "creditMinor" >= 0 AND ("debitMinor" = 0) <> ("creditMinor" = 0)),
  ADD CONSTRAINT "Posting_currency" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "Posting_account" CHECK (
    account ~ '^(cash:(demo|bank-transfer)|escrow:[^:]+|received:[^:]+|payable:[^:]+|unclaimed:[^:]+:[0-9]+|revenue:fees)$');
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

CALL keep('rows', 'JournalEntry', 'Posting', 'BankStatement', 'StatementLine', 'PaymentReceipt', 'TransferUse',
  'PayoutConfirmation');
CALL keep('table', 'JournalEntry', 'Posting', 'BankStatement', 'ReceivedTransfer', 'StatementLine', 'PaymentReceipt',
  'TransferUse', 'PayoutDetails', 'Payout', 'PayoutConfirmation');

-- Money that arrived.
ALTER TABLE "StatementDraft"
  ADD CONSTRAINT "StatementDraft_size" CHECK (length(bytes) <= 900000),
  ADD CONSTRAINT "StatementDraft_bytes_or_outcome" CHECK (num_nonnulls(bytes, outcome) = 1),
  ADD CONSTRAINT "StatementDraft_read_with_bytes" CHECK ((reading IS NULL) = (bytes IS NULL));
ALTER TABLE "ReceivedTransfer"
  ADD CONSTRAINT "ReceivedTransfer_amount" CHECK ("amountMinor" > 0),
  ADD CONSTRAINT "ReceivedTransfer_currency" CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE "StatementLine" ADD CONSTRAINT "StatementLine_reference"
  CHECK ("bankReference" ~ '^[A-Z0-9/.+:?(),'']{1,140}$');
ALTER TABLE "TransferUse" ADD CONSTRAINT "TransferUse_used_for" CHECK ("usedFor" IN ('deal', 'return'));

CREATE TRIGGER received_transfer_rows BEFORE UPDATE OR DELETE ON "ReceivedTransfer"
  FOR EACH ROW EXECUTE FUNCTION fill_once('a transfer keeps what it says, and is received once', 'receivedAt');

-- One operator has seen a transfer, or two above 1,000.00, before it counts as received and before it pays a deal.
CREATE FUNCTION require_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  transfer "ReceivedTransfer";
  people integer;
BEGIN
  SELECT * INTO transfer FROM "ReceivedTransfer"
    WHERE id = CASE TG_TABLE_NAME WHEN 'TransferUse' THEN to_jsonb(NEW)->>'transferId' ELSE to_jsonb(NEW)->>'id' END;
  SELECT coalesce(max(count), 0) INTO people FROM (
    SELECT count(DISTINCT "confirmedById") FROM "PaymentReceipt" WHERE "transferId" = transfer.id
    -- A deal is paid by people who say the same of the transfer.
    GROUP BY CASE WHEN to_jsonb(NEW)->>'usedFor' = 'deal' THEN reference END) AS same;
  IF people < (CASE WHEN transfer."amountMinor" > 100000 THEN 2 ELSE 1 END)
    OR TG_TABLE_NAME = 'TransferUse' AND transfer."receivedAt" IS NULL THEN
    RAISE EXCEPTION 'transfer % was seen by too few operators', transfer.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER received_transfer_seen AFTER INSERT OR UPDATE ON "ReceivedTransfer"
  FOR EACH ROW WHEN (NEW."receivedAt" IS NOT NULL) EXECUTE FUNCTION require_receipts();
CREATE TRIGGER transfer_use_seen AFTER INSERT ON "TransferUse"
  FOR EACH ROW EXECUTE FUNCTION require_receipts();

-- Where people want to be paid: what was said stays, and may be cancelled once before it counts.
CREATE TRIGGER payout_details_rows BEFORE UPDATE OR DELETE ON "PayoutDetails"
  FOR EACH ROW EXECUTE FUNCTION fill_once('payout details are kept, and cancelled once', 'cancelledAt');
ALTER TABLE "PayoutDetails"
  ADD CONSTRAINT "PayoutDetails_later" CHECK ("effectiveAt" >= "statedAt"),
  ADD CONSTRAINT "PayoutDetails_cancelled_before" CHECK ("cancelledAt" < "effectiveAt");

-- One payout of an account, and one of a transfer, at a time waits for a second operator.
CREATE UNIQUE INDEX "Payout_one_open" ON "Payout" ("accountId") WHERE "paidAt" IS NULL AND "discardedAt" IS NULL;
CREATE UNIQUE INDEX "Payout_one_return" ON "Payout" ("transferId") WHERE "discardedAt" IS NULL;
-- A transfer of the bank is confirmed once, whoever it went to; one that was discarded may be confirmed again.
CREATE UNIQUE INDEX "Payout_reference_once" ON "Payout" ("bankReference") WHERE "discardedAt" IS NULL;
ALTER TABLE "Payout"
  ADD CONSTRAINT "Payout_amount" CHECK ("amountMinor" > 0),
  ADD CONSTRAINT "Payout_of_one" CHECK (num_nonnulls("accountId", "transferId") = 1),
  ADD CONSTRAINT "Payout_to_details" CHECK (("accountId" IS NULL) = ("detailsId" IS NULL)),
  -- The normal form, as far as SQL can say it: capitals, digits and the marks that banks write.
  ADD CONSTRAINT "Payout_reference" CHECK ("bankReference" ~ '^[A-Z0-9/.+:?(),'']{3,140}$'),
  ADD CONSTRAINT "Payout_ends_once" CHECK ("paidAt" IS NULL OR "discardedAt" IS NULL);

CREATE TRIGGER payout_rows BEFORE UPDATE OR DELETE ON "Payout"
  FOR EACH ROW EXECUTE FUNCTION fill_once('a payout keeps what it says, and ends once', 'paidAt', 'discardedAt');
