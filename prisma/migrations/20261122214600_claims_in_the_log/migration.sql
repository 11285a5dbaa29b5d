CREATE TYPE "ClaimStance" AS ENUM ('stated', 'confirmed', 'rejected', 'withdrawn');

CREATE TABLE "AnswerEnvelope" (
    "evaluationId" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AnswerEnvelope_pkey" PRIMARY KEY ("evaluationId")
);

CREATE TABLE "Claim" (
    "id" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "sellerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "subjectName" TEXT NOT NULL,
    "subjectSha256" TEXT NOT NULL,
    "nameSalt" TEXT,
    "statedAt" TIMESTAMPTZ(3) NOT NULL,
    "replacesId" TEXT,
    "replaces" TEXT,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Claim_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ClaimEnvelope" (
    "envelopeSha256" TEXT NOT NULL,
    "claimId" TEXT NOT NULL,
    "stance" "ClaimStance" NOT NULL,
    "method" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ClaimEnvelope_pkey" PRIMARY KEY ("envelopeSha256")
);

CREATE TABLE "DailyCount" (
    "day" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "parts" INTEGER NOT NULL,
    "logSize" BIGINT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DailyCount_pkey" PRIMARY KEY ("day","part")
);

CREATE UNIQUE INDEX "AnswerEnvelope_envelopeSha256_key" ON "AnswerEnvelope"("envelopeSha256");
CREATE INDEX "Claim_listingId_idx" ON "Claim"("listingId");
CREATE INDEX "Claim_sellerId_idx" ON "Claim"("sellerId");
CREATE INDEX "ClaimEnvelope_claimId_idx" ON "ClaimEnvelope"("claimId");
CREATE UNIQUE INDEX "DailyCount_envelopeSha256_key" ON "DailyCount"("envelopeSha256");

ALTER TABLE "AnswerEnvelope" ADD CONSTRAINT "AnswerEnvelope_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "EvaluationAnswer"("evaluationId") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "AnswerEnvelope" ADD CONSTRAINT "AnswerEnvelope_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ClaimEnvelope" ADD CONSTRAINT "ClaimEnvelope_claimId_fkey" FOREIGN KEY ("claimId") REFERENCES "Claim"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ClaimEnvelope" ADD CONSTRAINT "ClaimEnvelope_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whoever states the same thing twice at once is refused the second time.
CREATE UNIQUE INDEX "Claim_one_standing" ON "Claim"("listingId", "kind", "key") WHERE "endedAt" IS NULL;

ALTER TABLE "Claim"
  ADD CONSTRAINT "Claim_kind" CHECK (kind IN ('niche-claim', 'limitation', 'data-origin', 'contribution')),
  ADD CONSTRAINT "Claim_subject" CHECK ("subjectSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Claim_ends_after" CHECK ("endedAt" >= "statedAt");
ALTER TABLE "ClaimEnvelope"
  ADD CONSTRAINT "ClaimEnvelope_method" CHECK (method IN ('device_key', 'session', 'recorded'));
-- One signature with a key of one's own for each stance, and one of each weaker form.
CREATE UNIQUE INDEX "ClaimEnvelope_stated_once" ON "ClaimEnvelope"("claimId", "method") WHERE stance = 'stated';

-- A claim ends once; nothing else about it changes, and none is deleted.
CREATE FUNCTION guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD."endedAt" IS NOT NULL
    OR (to_jsonb(NEW) - 'endedAt') <> (to_jsonb(OLD) - 'endedAt') THEN
    RAISE EXCEPTION 'claims are append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER claim_rows BEFORE UPDATE OR DELETE ON "Claim"
  FOR EACH ROW EXECUTE FUNCTION guard_claim();
CREATE TRIGGER claim_table BEFORE TRUNCATE ON "Claim"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_envelope_rows BEFORE UPDATE OR DELETE ON "ClaimEnvelope"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_envelope_table BEFORE TRUNCATE ON "ClaimEnvelope"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_envelope_rows BEFORE UPDATE OR DELETE ON "AnswerEnvelope"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_envelope_table BEFORE TRUNCATE ON "AnswerEnvelope"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_count_rows BEFORE UPDATE OR DELETE ON "DailyCount"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_count_table BEFORE TRUNCATE ON "DailyCount"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
