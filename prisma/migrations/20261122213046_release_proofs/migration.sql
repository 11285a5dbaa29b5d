-- CreateTable
CREATE TABLE "ReleaseProof" (
    "dealId" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "leafHash" TEXT NOT NULL,
    "leafIndex" BIGINT NOT NULL,
    "treeSize" BIGINT NOT NULL,
    "proof" TEXT NOT NULL,
    "verifiedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ReleaseProof_pkey" PRIMARY KEY ("dealId")
);

-- AddForeignKey
ALTER TABLE "ReleaseProof" ADD CONSTRAINT "ReleaseProof_dealId_fkey" FOREIGN KEY ("dealId") REFERENCES "Deal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "ReleaseProof"
  ADD CONSTRAINT "ReleaseProof_hashes" CHECK ("envelopeSha256" ~ '^[0-9a-f]{64}$' AND "leafHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "ReleaseProof_is_covered" CHECK ("leafIndex" >= 0 AND "leafIndex" < "treeSize");
CREATE TRIGGER release_proof_rows BEFORE UPDATE OR DELETE ON "ReleaseProof"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER release_proof_table BEFORE TRUNCATE ON "ReleaseProof"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Without a proof that the acceptance stands in the log no accepted deal is released; a ruling needs none.
CREATE FUNCTION require_release_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.fulfilment::text = 'DELIVERY_ACCEPTED' AND NEW.fulfilment::text = 'RELEASED'
    AND NOT EXISTS (SELECT 1 FROM "ReleaseProof" WHERE "dealId" = NEW.id) THEN
    RAISE EXCEPTION 'deal % has no proof of its acceptance', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deal_release_proven BEFORE UPDATE ON "Deal"
  FOR EACH ROW EXECUTE FUNCTION require_release_proof();
