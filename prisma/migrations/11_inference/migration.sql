CREATE TYPE "RunPhase" AS ENUM ('queued', 'preparing', 'running', 'counting', 'done', 'failed', 'cancelled');

CREATE TABLE "EvaluationRun" (
    "id" TEXT NOT NULL,
    "askedById" TEXT NOT NULL,
    "rowsFrom" TEXT NOT NULL,
    "rowsLicence" TEXT,
    "listingId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "modelDigest" TEXT NOT NULL,
    "contractSha256" TEXT NOT NULL,
    "dataSetName" TEXT NOT NULL,
    "rowsFileId" TEXT NOT NULL,
    "rowsFileName" TEXT NOT NULL,
    "rowsFileSha256" TEXT NOT NULL,
    "salt" TEXT NOT NULL,
    "readAs" JSONB NOT NULL,
    "phase" "RunPhase" NOT NULL DEFAULT 'queued',
    "rowsTotal" INTEGER,
    "rowsDone" INTEGER NOT NULL DEFAULT 0,
    "leftOut" INTEGER[],
    "inputsSha256" TEXT,
    "marks" BYTEA,
    "attemptSha256" TEXT,
    "begun" INTEGER NOT NULL DEFAULT 0,
    "cancelRequestedAt" TIMESTAMPTZ(3),
    "failure" TEXT,
    "machine" JSONB,
    "answersSha256" TEXT,
    "result" JSONB,
    "evaluationId" TEXT,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "EvaluationRun_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "RunAnswers" (
    "runId" TEXT NOT NULL,
    "firstRow" INTEGER NOT NULL,
    "answers" JSONB NOT NULL,
    "computeMilliseconds" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RunAnswers_pkey" PRIMARY KEY ("runId","firstRow")
);

CREATE TABLE "RunNote" (
    "id" BIGSERIAL NOT NULL,
    "runId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RunNote_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "EvaluationRun_evaluationId_key" ON "EvaluationRun"("evaluationId");
CREATE INDEX "EvaluationRun_askedById_askedAt_idx" ON "EvaluationRun"("askedById", "askedAt");
CREATE INDEX "EvaluationRun_listingId_idx" ON "EvaluationRun"("listingId");
CREATE INDEX "EvaluationRun_rowsFileId_idx" ON "EvaluationRun"("rowsFileId");
CREATE INDEX "RunNote_runId_idx" ON "RunNote"("runId");

ALTER TABLE "RunAnswers" ADD CONSTRAINT "RunAnswers_runId_fkey" FOREIGN KEY ("runId") REFERENCES "EvaluationRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "RunNote" ADD CONSTRAINT "RunNote_runId_fkey" FOREIGN KEY ("runId") REFERENCES "EvaluationRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "EvaluationRun"
  ADD CONSTRAINT "EvaluationRun_rows_from" CHECK ("rowsFrom" IN ('buyer', 'evaluator', 'public_set')
    AND ("rowsFrom" = 'public_set') = ("rowsLicence" IS NOT NULL)),
  ADD CONSTRAINT "EvaluationRun_rows" CHECK ("rowsDone" >= 0 AND "rowsDone" <= coalesce("rowsTotal", 0)),
  ADD CONSTRAINT "EvaluationRun_ends" CHECK ((phase IN ('done', 'failed', 'cancelled')) = ("endedAt" IS NOT NULL)
    AND (phase = 'failed') = (failure IS NOT NULL)),
  -- The attempt stands in the log before the first row runs, and the rows are fixed by then.
  ADD CONSTRAINT "EvaluationRun_attempt_first" CHECK (("attemptSha256" IS NOT NULL AND "inputsSha256" IS NOT NULL
      AND "rowsTotal" > 0) OR (phase IN ('queued', 'preparing', 'failed', 'cancelled') AND "rowsDone" = 0)),
  ADD CONSTRAINT "EvaluationRun_counted" CHECK (phase NOT IN ('counting', 'done') OR "rowsDone" = "rowsTotal"),
  ADD CONSTRAINT "EvaluationRun_result" CHECK ((phase = 'done') = (result IS NOT NULL)
    AND (phase = 'done') = ("answersSha256" IS NOT NULL) AND ("evaluationId" IS NULL OR phase = 'done'));

-- Phases follow each other as lib/inference/evaluation-run.ts has it; what a run is of never changes, and what is known
-- of it once stays. Rows are done as far as answers are kept.
CREATE FUNCTION guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moving text[] := ARRAY['phase', 'rowsTotal', 'rowsDone', 'leftOut', 'inputsSha256', 'marks', 'attemptSha256', 'begun',
    'cancelRequestedAt', 'failure', 'machine', 'answersSha256', 'result', 'evaluationId', 'startedAt', 'endedAt'];
  step text := OLD.phase::text || ' ' || NEW.phase::text;
BEGIN
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
    RAISE EXCEPTION 'what a run is of never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.phase <> NEW.phase AND step NOT IN ('queued preparing', 'queued failed', 'queued cancelled',
    'preparing running', 'preparing failed', 'preparing cancelled', 'running counting', 'running failed',
    'running cancelled', 'counting done', 'counting failed') THEN
    RAISE EXCEPTION 'a run does not go from % to %', OLD.phase, NEW.phase USING ERRCODE = 'check_violation';
  END IF;
  IF OLD."attemptSha256" <> NEW."attemptSha256" OR OLD."rowsTotal" <> NEW."rowsTotal"
    OR OLD."inputsSha256" <> NEW."inputsSha256" OR OLD.marks <> NEW.marks OR OLD."evaluationId" IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD)
    OR OLD."rowsTotal" IS NOT NULL AND OLD."leftOut" <> NEW."leftOut"
    OR OLD.phase IN ('done', 'failed', 'cancelled')
      AND to_jsonb(NEW) - 'evaluationId' <> to_jsonb(OLD) - 'evaluationId' THEN
    RAISE EXCEPTION 'what is known of a run stays' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW."rowsDone" <> OLD."rowsDone" AND NEW."rowsDone" IS DISTINCT FROM (
    SELECT "firstRow" + jsonb_array_length(answers) FROM "RunAnswers"
    WHERE "runId" = NEW.id ORDER BY "firstRow" DESC LIMIT 1) THEN
    RAISE EXCEPTION 'rows are done as far as answers are kept' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "EvaluationRun_guard" BEFORE UPDATE ON "EvaluationRun" FOR EACH ROW EXECUTE FUNCTION guard_run();

-- Answers come in the order of the rows, each once, while their run is running.
CREATE FUNCTION guard_run_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  run "EvaluationRun";
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'answers never change' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO run FROM "EvaluationRun" WHERE id = NEW."runId" FOR UPDATE;
  IF run.phase IS DISTINCT FROM 'running' OR NEW."firstRow" <> run."rowsDone"
    OR jsonb_array_length(NEW.answers) NOT BETWEEN 1 AND run."rowsTotal" - run."rowsDone" THEN
    RAISE EXCEPTION 'answers follow those that are kept' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "RunAnswers_guard" BEFORE INSERT OR UPDATE ON "RunAnswers" FOR EACH ROW EXECUTE FUNCTION guard_run_answers();
