-- CreateTable
CREATE TABLE "EvaluationAnswer" (
    "evaluationId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "EvaluationAnswer_pkey" PRIMARY KEY ("evaluationId")
);

-- AddForeignKey
ALTER TABLE "EvaluationAnswer" ADD CONSTRAINT "EvaluationAnswer_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "Evaluation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER envelope_rows BEFORE UPDATE OR DELETE ON "Envelope"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER envelope_table BEFORE TRUNCATE ON "Envelope"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "Envelope"
  ADD CONSTRAINT "Envelope_sha256_of_body" CHECK (sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex'));

CREATE TRIGGER evaluation_answer_rows BEFORE UPDATE OR DELETE ON "EvaluationAnswer"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evaluation_answer_table BEFORE TRUNCATE ON "EvaluationAnswer"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE "Evaluation"
  ADD CONSTRAINT "Evaluation_rows_counted" CHECK (n >= 0),
  ADD CONSTRAINT "Evaluation_rows_use" CHECK ("rowsUse" IN ('attestation', 'discovery')),
  ADD CONSTRAINT "Evaluation_grade_of_one_run" CHECK (grade IN ('seller_signed', 'third_party', 'platform_measured')),
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
CREATE TRIGGER evaluation_table BEFORE TRUNCATE ON "Evaluation"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
