-- A transfer of the bank is paid out to an account once; one that was discarded may be confirmed again.
CREATE UNIQUE INDEX "Payout_reference_once" ON "Payout" ("accountId", "bankReference") WHERE "discardedAt" IS NULL;
