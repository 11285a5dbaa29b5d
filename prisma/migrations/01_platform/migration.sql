CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "logOrigin" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "isDemo" BOOLEAN NOT NULL,
    "clockOffsetSeconds" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "MailboxMessage" (
    "id" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MailboxMessage_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AuditEvent" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorId" TEXT,
    "actorKind" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "reason" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "previousHash" BYTEA,
    "hash" BYTEA,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CommandReceipt" (
    "accountId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "outcome" JSONB,
    "isMoney" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CommandReceipt_pkey" PRIMARY KEY ("accountId","key")
);

CREATE TABLE "CausedMails" (
    "accountId" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "mails" INTEGER NOT NULL,

    CONSTRAINT "CausedMails_pkey" PRIMARY KEY ("accountId","hour")
);

CREATE TABLE "PutAside" (
    "clock" TEXT NOT NULL,
    "row" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "retryAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PutAside_pkey" PRIMARY KEY ("clock","row")
);

CREATE UNIQUE INDEX "MailboxMessage_idempotencyKey_key" ON "MailboxMessage"("idempotencyKey");
CREATE INDEX "MailboxMessage_createdAt_idx" ON "MailboxMessage"("createdAt");
CREATE INDEX "AuditEvent_subjectKind_subjectId_idx" ON "AuditEvent"("subjectKind", "subjectId");
CREATE INDEX "AuditEvent_actorId_idx" ON "AuditEvent"("actorId");
CREATE INDEX "CommandReceipt_at_idx" ON "CommandReceipt"("at");
CREATE INDEX "CausedMails_hour_idx" ON "CausedMails"("hour");

-- One row only, and what was fixed at first start stays fixed.
ALTER TABLE "Installation"
  ADD CONSTRAINT "Installation_one_row" CHECK (id = 1),
  ADD CONSTRAINT "Installation_clock_forward" CHECK ("clockOffsetSeconds" >= 0),
  ADD CONSTRAINT "Installation_clock_demo" CHECK ("isDemo" OR "clockOffsetSeconds" = 0);

CREATE FUNCTION refuse_installation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."logOrigin" <> OLD."logOrigin" OR NEW.currency <> OLD.currency OR NEW."isDemo" <> OLD."isDemo" THEN
    RAISE EXCEPTION 'log origin, currency and demo state are fixed at first start';
  END IF;
  IF NEW."clockOffsetSeconds" < OLD."clockOffsetSeconds" THEN
    RAISE EXCEPTION 'the clock only moves forward';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER installation_fixed BEFORE UPDATE ON "Installation"
  FOR EACH ROW EXECUTE FUNCTION refuse_installation_change();

-- For every append-only table.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- For rows that keep what they say and wait for an end: with a message, and the columns of which one is filled once.
CREATE FUNCTION fill_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fillable text[] := TG_ARGV[1:];
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - fillable <> to_jsonb(OLD) - fillable
    OR EXISTS (SELECT FROM unnest(fillable) AS name WHERE to_jsonb(OLD) -> name <> 'null') THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Of tables that only grow, 'rows' are never changed or deleted and the 'table' is never emptied. "AuditEvent" gets the
-- triggers audit_event_rows and audit_event_table.
CREATE PROCEDURE keep(what text, VARIADIC tables text[]) LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE %s EXECUTE FUNCTION refuse_change()',
      lower(regexp_replace(name, '(?!^)([A-Z])', '_\1', 'g')) || '_' || what,
      format(CASE what WHEN 'rows' THEN 'UPDATE OR DELETE ON %I FOR EACH ROW' ELSE 'TRUNCATE ON %I' END, name));
  END LOOP;
END $$;

CALL keep('rows', 'AuditEvent');
CALL keep('table', 'AuditEvent');

CREATE FUNCTION audit_event_hash(event "AuditEvent") RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(
    coalesce(event."previousHash", ''::bytea) ||
    convert_to(jsonb_build_array(
      event.id, extract(epoch FROM event.at), event."actorId", event."actorKind", event.action,
      event."subjectKind", event."subjectId", event.reason, event.details)::text, 'UTF8'))
$$;

-- The number is taken again under the lock, so that the order of numbers is the order of the chain.
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('AuditEvent'));
  NEW.id := nextval(pg_get_serial_sequence('"AuditEvent"', 'id'));
  SELECT hash INTO NEW."previousHash" FROM "AuditEvent" ORDER BY id DESC LIMIT 1;
  NEW.hash := audit_event_hash(NEW);
  RETURN NEW;
END $$;

CREATE TRIGGER audit_event_chain BEFORE INSERT ON "AuditEvent"
  FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

-- A receipt keeps what it says; its answer is noted once, and where money moved it stays.
ALTER TABLE "CommandReceipt" ADD CONSTRAINT "CommandReceipt_key" CHECK (key ~ '^[A-Za-z0-9_.-]{16,120}$');
CREATE TRIGGER command_receipt_rows BEFORE UPDATE ON "CommandReceipt"
  FOR EACH ROW EXECUTE FUNCTION fill_once('a receipt keeps what it says', 'outcome');
CREATE TRIGGER command_receipt_money BEFORE DELETE ON "CommandReceipt"
  FOR EACH ROW WHEN (OLD."isMoney") EXECUTE FUNCTION refuse_change();
CALL keep('table', 'CommandReceipt');

ALTER TABLE "CausedMails" ADD CONSTRAINT "CausedMails_mails" CHECK (mails > 0);
