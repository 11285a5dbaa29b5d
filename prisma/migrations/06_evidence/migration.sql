CREATE TYPE "ClaimStance" AS ENUM ('stated', 'confirmed', 'rejected', 'withdrawn');

CREATE TABLE "Evaluation" (
    "id" TEXT NOT NULL,
    "listingId" TEXT,
    "draftId" TEXT,
    "versionId" TEXT,
    "modelDigest" TEXT,
    "dataSetName" TEXT NOT NULL,
    "rowsDigest" TEXT NOT NULL,
    "rowsSalt" TEXT,
    "rowsFileId" TEXT,
    "rowsUse" TEXT NOT NULL DEFAULT 'attestation',
    "grade" "EvidenceGrade" NOT NULL,
    "role" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "binding" JSONB NOT NULL,
    "evaluatorId" TEXT,
    "n" INTEGER NOT NULL,
    "declaredLevel" DECIMAL(3,2) NOT NULL,
    "summary" JSONB NOT NULL,
    "runtime" JSONB NOT NULL DEFAULT '{}',
    "observedFrom" TIMESTAMPTZ(3),
    "observedTo" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3) NOT NULL,
    "envelopeSha256" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Evaluation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "EvaluationInputs" (
    "evaluationId" TEXT NOT NULL,
    "marks" BYTEA NOT NULL,

    CONSTRAINT "EvaluationInputs_pkey" PRIMARY KEY ("evaluationId")
);

CREATE TABLE "Envelope" (
    "sha256" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "predicateType" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "subjects" TEXT[],
    "signerId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Envelope_pkey" PRIMARY KEY ("sha256")
);

CREATE TABLE "EvaluationAnswer" (
    "evaluationId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "EvaluationAnswer_pkey" PRIMARY KEY ("evaluationId")
);

CREATE TABLE "EvaluationWithdrawal" (
    "evaluationId" TEXT NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EvaluationWithdrawal_pkey" PRIMARY KEY ("evaluationId")
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

CREATE TYPE "StatedRoleName" AS ENUM ('seller', 'drafter', 'evaluator');

CREATE TABLE "StatedRole" (
    "id" BIGSERIAL NOT NULL,
    "accountId" TEXT NOT NULL,
    "role" "StatedRoleName" NOT NULL,
    "sells" TEXT NOT NULL,
    "fromAt" TIMESTAMPTZ(3) NOT NULL,
    "untilAt" TIMESTAMPTZ(3),
    "envelopeSha256" TEXT NOT NULL,

    CONSTRAINT "StatedRole_pkey" PRIMARY KEY ("id")
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

CREATE TABLE "ErasedEnvelope" (
    "sha256" TEXT NOT NULL,
    "leafHash" TEXT NOT NULL,
    "paeSha256" TEXT NOT NULL,
    "tombstoneSha256" TEXT NOT NULL,
    "ground" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "erasedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ErasedEnvelope_pkey" PRIMARY KEY ("sha256")
);

CREATE INDEX "Evaluation_listingId_idx" ON "Evaluation"("listingId");
CREATE INDEX "Evaluation_draftId_idx" ON "Evaluation"("draftId");
CREATE INDEX "Evaluation_versionId_idx" ON "Evaluation"("versionId");
CREATE INDEX "Envelope_subjects_idx" ON "Envelope" USING GIN ("subjects");
CREATE INDEX "Envelope_keyId_idx" ON "Envelope"("keyId");
CREATE UNIQUE INDEX "EvaluationAnswer_envelopeSha256_key" ON "EvaluationAnswer"("envelopeSha256");
CREATE UNIQUE INDEX "EvaluationWithdrawal_envelopeSha256_key" ON "EvaluationWithdrawal"("envelopeSha256");
CREATE INDEX "Claim_listingId_idx" ON "Claim"("listingId");
CREATE INDEX "Claim_sellerId_idx" ON "Claim"("sellerId");
CREATE INDEX "ClaimEnvelope_claimId_idx" ON "ClaimEnvelope"("claimId");
CREATE UNIQUE INDEX "StatedRole_envelopeSha256_key" ON "StatedRole"("envelopeSha256");
CREATE INDEX "StatedRole_accountId_role_sells_id_idx" ON "StatedRole"("accountId", "role", "sells", "id");
CREATE UNIQUE INDEX "DailyCount_envelopeSha256_key" ON "DailyCount"("envelopeSha256");
CREATE UNIQUE INDEX "ErasedEnvelope_tombstoneSha256_key" ON "ErasedEnvelope"("tombstoneSha256");
CREATE INDEX "ErasedEnvelope_paeSha256_idx" ON "ErasedEnvelope"("paeSha256");

ALTER TABLE "Evaluation" ADD CONSTRAINT "Evaluation_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "EvaluationInputs" ADD CONSTRAINT "EvaluationInputs_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "Evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "EvaluationAnswer" ADD CONSTRAINT "EvaluationAnswer_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "Evaluation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "EvaluationWithdrawal" ADD CONSTRAINT "EvaluationWithdrawal_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "Evaluation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "EvaluationWithdrawal" ADD CONSTRAINT "EvaluationWithdrawal_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "EvaluationAnswer" ADD CONSTRAINT "EvaluationAnswer_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ClaimEnvelope" ADD CONSTRAINT "ClaimEnvelope_claimId_fkey" FOREIGN KEY ("claimId") REFERENCES "Claim"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ClaimEnvelope" ADD CONSTRAINT "ClaimEnvelope_envelopeSha256_fkey" FOREIGN KEY ("envelopeSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ErasedEnvelope" ADD CONSTRAINT "ErasedEnvelope_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ErasedEnvelope" ADD CONSTRAINT "ErasedEnvelope_tombstoneSha256_fkey" FOREIGN KEY ("tombstoneSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An envelope never changes, but for one thing: its text may be emptied once a tombstone says why.
ALTER TABLE "Envelope"
  ADD CONSTRAINT "Envelope_sha256_of_body" CHECK (body = '' OR sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex'));

CREATE FUNCTION guard_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.body = '' THEN
      RAISE EXCEPTION 'an envelope has a text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.body <> '' OR (to_jsonb(NEW) - 'body') <> (to_jsonb(OLD) - 'body')
    OR NOT EXISTS (SELECT 1 FROM "ErasedEnvelope" WHERE sha256 = OLD.sha256) THEN
    RAISE EXCEPTION 'Envelope is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER envelope_rows BEFORE INSERT OR UPDATE OR DELETE ON "Envelope"
  FOR EACH ROW EXECUTE FUNCTION guard_envelope();
CALL keep('rows', 'ErasedEnvelope', 'EvaluationAnswer', 'EvaluationWithdrawal', 'ClaimEnvelope', 'DailyCount', 'StatedRole');
CALL keep('table', 'Envelope', 'ErasedEnvelope', 'EvaluationAnswer', 'Evaluation', 'EvaluationWithdrawal', 'Claim',
  'ClaimEnvelope', 'DailyCount', 'StatedRole');

ALTER TABLE "StatedRole"
  ADD CONSTRAINT "StatedRole_sells" CHECK (sells ~ '^[0-9a-f]{64}$' = (role <> 'evaluator')),
  ADD CONSTRAINT "StatedRole_ends_after" CHECK ("untilAt" >= "fromAt");

-- Finds what a key has stated before by the payload alone: stored envelopes are canonical JSON, which begins with it,
-- and base64 holds no quotes. A plain index would not take long payloads.
CREATE INDEX "Envelope_key_and_payload" ON "Envelope" ("keyId", md5(split_part(body, '","payloadType"', 1)));

ALTER TABLE "Evaluation"
  ADD CONSTRAINT "Evaluation_rows_counted" CHECK (n >= 0),
  ADD CONSTRAINT "Evaluation_rows_use" CHECK ("rowsUse" IN ('attestation', 'discovery')),
  -- The same rule as gradeOfRun: answers that nothing ties to the files are never more than their speaker's word.
  ADD CONSTRAINT "Evaluation_grade_of_one_run" CHECK (grade::text = CASE
    WHEN binding->>'kind' = 'answers_only' THEN 'seller_signed'
    WHEN role = 'platform' AND binding->>'kind' <> 'asked_here' THEN 'platform_measured'
    WHEN role <> 'seller' AND relation = 'third_party' THEN 'third_party'
    ELSE 'seller_signed' END),
  ADD CONSTRAINT "Evaluation_role" CHECK (role IN ('platform', 'seller', 'third_party')
    AND relation IN ('first_party', 'third_party', 'collaborative')
    AND (role = 'seller') = (relation = 'first_party') AND (role = 'platform') = ("evaluatorId" IS NULL)),
  ADD CONSTRAINT "Evaluation_binding" CHECK (
    coalesce(binding->>'kind' = 'answers_only' AND role <> 'platform', false)
    OR coalesce(binding->>'kind' IN ('ran_here', 'asked_here'), false)
    OR coalesce(binding->>'kind' = 'reran_here' AND (binding->>'rows')::bigint = n
      AND (binding->>'flips')::bigint * 1000 <= (binding->>'flipsPerThousand')::bigint * n AND role <> 'platform', false)),
  -- Where there are no files, nothing was tied to any, and where there are, no endpoint was asked.
  ADD CONSTRAINT "Evaluation_bound_to_files" CHECK (binding->>'kind' = 'answers_only'
    OR "versionId" IS NULL OR ("modelDigest" IS NULL) = (binding->>'kind' = 'asked_here')),
  ADD CONSTRAINT "Evaluation_belongs_somewhere" CHECK ("listingId" IS NOT NULL OR "draftId" IS NOT NULL),
  ADD CONSTRAINT "Evaluation_published_with_version" CHECK (("listingId" IS NULL) = ("versionId" IS NULL));

-- What was measured never changes. Signing and publishing each fill an empty field; until both are done a draft
-- may be signed again, for other files. What is signed is never deleted.
CREATE FUNCTION guard_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  settled text[] := ARRAY['listingId', 'versionId', 'modelDigest', 'envelopeSha256'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD."envelopeSha256" IS NOT NULL THEN
      RAISE EXCEPTION 'signed evidence is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (to_jsonb(NEW) - settled) <> (to_jsonb(OLD) - settled)
    OR (OLD."listingId" IS NOT NULL AND OLD."envelopeSha256" IS NOT NULL)
    OR (OLD."listingId" IS NOT NULL AND NEW."listingId" IS DISTINCT FROM OLD."listingId")
    OR (OLD."listingId" IS NOT NULL AND NEW."versionId" IS DISTINCT FROM OLD."versionId")
    OR (OLD."listingId" IS NOT NULL AND NEW."modelDigest" IS DISTINCT FROM OLD."modelDigest")
    OR (OLD."envelopeSha256" IS NOT NULL AND NEW."envelopeSha256" IS NULL) THEN
    RAISE EXCEPTION 'evidence is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER evaluation_rows BEFORE UPDATE OR DELETE ON "Evaluation"
  FOR EACH ROW EXECUTE FUNCTION guard_evaluation();

-- What was run goes with its evaluation, and never by itself.
CREATE FUNCTION guard_inputs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM "Evaluation" WHERE id = OLD."evaluationId") THEN
    RAISE EXCEPTION 'evidence is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER evaluation_inputs_rows BEFORE UPDATE OR DELETE ON "EvaluationInputs"
  FOR EACH ROW EXECUTE FUNCTION guard_inputs();
CALL keep('table', 'EvaluationInputs');
ALTER TABLE "EvaluationInputs"
  ADD CONSTRAINT "EvaluationInputs_whole_marks" CHECK (length(marks) % 8 = 0 AND length(marks) > 0);

-- Whoever states the same thing twice at once is refused the second time.
CREATE UNIQUE INDEX "Claim_one_standing" ON "Claim"("listingId", "kind", "key") WHERE "endedAt" IS NULL;

ALTER TABLE "Claim"
  ADD CONSTRAINT "Claim_kind" CHECK (kind IN ('niche-claim', 'limitation', 'data-origin', 'contribution')),
  ADD CONSTRAINT "Claim_subject" CHECK ("subjectSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Claim_ends_after" CHECK ("endedAt" >= "statedAt");
ALTER TABLE "ClaimEnvelope"
  ADD CONSTRAINT "ClaimEnvelope_method" CHECK (method IN ('device_key', 'session'));
-- One signature with a key of one's own, and one of the weaker form.
CREATE UNIQUE INDEX "ClaimEnvelope_stated_once" ON "ClaimEnvelope"("claimId", "method") WHERE stance = 'stated';

-- A claim ends once; nothing else about it changes, and none is deleted.
CREATE TRIGGER claim_rows BEFORE UPDATE OR DELETE ON "Claim"
  FOR EACH ROW EXECUTE FUNCTION fill_once('claims are append-only', 'endedAt');
