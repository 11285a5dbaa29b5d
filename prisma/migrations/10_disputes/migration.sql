CREATE TYPE "DisputeState" AS ENUM ('open', 'ruled', 'withdrawn');
CREATE TYPE "RulingOutcome" AS ENUM ('release', 'refund', 'split');
CREATE TYPE "ReportState" AS ENUM ('open', 'upheld', 'dismissed');
CREATE TYPE "SanctionKind" AS ENUM ('freeze', 'take_down', 'suspend');
CREATE TYPE "AppealState" AS ENUM ('open', 'granted', 'refused');

CREATE TABLE "Dispute" (
    "id" TEXT NOT NULL,
    "dealId" TEXT NOT NULL,
    "party" "DealParty" NOT NULL,
    "openedById" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "state" "DisputeState" NOT NULL DEFAULT 'open',
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "answerBy" TIMESTAMPTZ(3) NOT NULL,
    "ruleBy" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Dispute_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DisputeStatement" (
    "id" TEXT NOT NULL,
    "disputeId" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DisputeStatement_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Ruling" (
    "id" TEXT NOT NULL,
    "disputeId" TEXT NOT NULL,
    "moderatorId" TEXT NOT NULL,
    "outcome" "RulingOutcome" NOT NULL,
    "buyerMinor" BIGINT NOT NULL,
    "sellerMinor" BIGINT NOT NULL,
    "rationale" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "envelopeSha256" TEXT NOT NULL,

    CONSTRAINT "Ruling_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ReportedSubject" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "openCount" INTEGER NOT NULL DEFAULT 0,
    "firstOpenAt" TIMESTAMPTZ(3),
    "lastOpenAt" TIMESTAMPTZ(3),

    CONSTRAINT "ReportedSubject_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Report" (
    "id" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "reporterId" TEXT,
    "senderMark" TEXT,
    "pageUrl" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "ReportState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handledById" TEXT,
    "handledAt" TIMESTAMPTZ(3),
    "resolution" TEXT,

    CONSTRAINT "Report_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Sanction" (
    "id" TEXT NOT NULL,
    "kind" "SanctionKind" NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "moderatorId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "liftedAt" TIMESTAMPTZ(3),
    "liftedById" TEXT,
    "liftReason" TEXT,

    CONSTRAINT "Sanction_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Appeal" (
    "id" TEXT NOT NULL,
    "sanctionId" TEXT NOT NULL,
    "appellantId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "AppealState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" TEXT,
    "decidedAt" TIMESTAMPTZ(3),
    "decision" TEXT,

    CONSTRAINT "Appeal_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "Dispute_dealId_party_key" ON "Dispute"("dealId", "party");
CREATE INDEX "Dispute_state_ruleBy_idx" ON "Dispute"("state", "ruleBy");
CREATE INDEX "DisputeStatement_disputeId_idx" ON "DisputeStatement"("disputeId");
CREATE UNIQUE INDEX "Ruling_disputeId_key" ON "Ruling"("disputeId");
CREATE UNIQUE INDEX "Ruling_envelopeSha256_key" ON "Ruling"("envelopeSha256");
CREATE UNIQUE INDEX "ReportedSubject_kind_name_key" ON "ReportedSubject"("kind", "name");
CREATE INDEX "ReportedSubject_firstOpenAt_id_idx" ON "ReportedSubject"("firstOpenAt", "id");
CREATE INDEX "Report_subjectId_state_createdAt_id_idx" ON "Report"("subjectId", "state", "createdAt" DESC, "id" DESC);
CREATE INDEX "Report_subjectId_state_reason_idx" ON "Report"("subjectId", "state", "reason");
CREATE INDEX "Sanction_subjectKind_subjectId_idx" ON "Sanction"("subjectKind", "subjectId");
CREATE INDEX "Sanction_accountId_idx" ON "Sanction"("accountId");
CREATE UNIQUE INDEX "Appeal_sanctionId_key" ON "Appeal"("sanctionId");
CREATE INDEX "Appeal_state_createdAt_idx" ON "Appeal"("state", "createdAt");

ALTER TABLE "Report" ADD CONSTRAINT "Report_subjectId_fkey" FOREIGN KEY ("subjectId") REFERENCES "ReportedSubject"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "DisputeStatement" ADD CONSTRAINT "DisputeStatement_disputeId_fkey" FOREIGN KEY ("disputeId") REFERENCES "Dispute"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Ruling" ADD CONSTRAINT "Ruling_disputeId_fkey" FOREIGN KEY ("disputeId") REFERENCES "Dispute"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Appeal" ADD CONSTRAINT "Appeal_sanctionId_fkey" FOREIGN KEY ("sanctionId") REFERENCES "Sanction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE UNIQUE INDEX "Dispute_one_open" ON "Dispute" ("dealId") WHERE state = 'open';

-- A ruling stays as it was made, and what was said as it was said.
CALL keep('rows', 'Ruling', 'DisputeStatement');
CALL keep('table', 'Ruling');

CREATE FUNCTION refuse_dispute_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' OR OLD.state <> 'open' THEN
    RAISE EXCEPTION 'a dispute keeps what it says, and ends once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dispute_rows BEFORE UPDATE OR DELETE ON "Dispute"
  FOR EACH ROW EXECUTE FUNCTION refuse_dispute_change();

-- What one sender says twice about one thing is said once, while it is open.
CREATE UNIQUE INDEX "Report_said_once" ON "Report" ("subjectId", "senderMark", reason, md5(body))
  WHERE state = 'open';

-- A report stays as it was written, and is closed once.
CREATE FUNCTION refuse_report_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'open' AND NEW.state <> 'open' AND
    ROW(NEW.id, NEW."subjectId", NEW."reporterId", NEW."senderMark", NEW."pageUrl", NEW.reason, NEW.body, NEW."createdAt")
    IS NOT DISTINCT FROM
    ROW(OLD.id, OLD."subjectId", OLD."reporterId", OLD."senderMark", OLD."pageUrl", OLD.reason, OLD.body, OLD."createdAt")
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a report stays as it was written, and is closed once';
END $$;
CREATE TRIGGER report_rows BEFORE UPDATE OR DELETE ON "Report" FOR EACH ROW EXECUTE FUNCTION refuse_report_change();
CALL keep('table', 'Report');

-- The figures of a subject, so that the queue reads one row for each however many reports there are.
CREATE FUNCTION count_added_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "ReportedSubject" s SET
    "openCount" = s."openCount" + added.count,
    "firstOpenAt" = least(s."firstOpenAt", added.first),
    "lastOpenAt" = greatest(s."lastOpenAt", added.last)
  FROM (SELECT "subjectId", count(*) AS count, min("createdAt") AS first, max("createdAt") AS last
        FROM added_rows WHERE state = 'open' GROUP BY "subjectId") added
  WHERE s.id = added."subjectId";
  RETURN NULL;
END $$;
CREATE TRIGGER report_added AFTER INSERT ON "Report"
  REFERENCING NEW TABLE AS added_rows FOR EACH STATEMENT EXECUTE FUNCTION count_added_reports();

CREATE FUNCTION count_closed_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  subjects text[] := (SELECT array_agg(DISTINCT "subjectId") FROM closed_rows);
BEGIN
  -- Counted under the lock, so that what another transaction added or closed meanwhile is seen.
  PERFORM 1 FROM "ReportedSubject" WHERE id = ANY (subjects) ORDER BY id FOR UPDATE;
  UPDATE "ReportedSubject" s SET "openCount" = open.count, "firstOpenAt" = open.first, "lastOpenAt" = open.last
  FROM (SELECT subject.id, count(r.id) AS count, min(r."createdAt") AS first, max(r."createdAt") AS last
        FROM unnest(subjects) subject(id) LEFT JOIN "Report" r ON r."subjectId" = subject.id AND r.state = 'open'
        GROUP BY subject.id) open
  WHERE s.id = open.id;
  RETURN NULL;
END $$;
CREATE TRIGGER report_closed AFTER UPDATE ON "Report"
  REFERENCING NEW TABLE AS closed_rows FOR EACH STATEMENT EXECUTE FUNCTION count_closed_reports();
