-- CreateEnum
CREATE TYPE "KeyEventKind" AS ENUM ('enrolled', 'delegated', 'approved', 'revoked');

-- AlterTable
ALTER TABLE "SigningKey" ADD COLUMN     "vouchedById" TEXT;

-- CreateTable
CREATE TABLE "KeyEvent" (
    "id" BIGSERIAL NOT NULL,
    "keyId" TEXT NOT NULL,
    "kind" "KeyEventKind" NOT NULL,
    "enrolledBy" TEXT NOT NULL,
    "vouchedById" TEXT,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "envelopeSha256" TEXT,

    CONSTRAINT "KeyEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "KeyEvent_envelopeSha256_key" ON "KeyEvent"("envelopeSha256");

-- CreateIndex
CREATE INDEX "KeyEvent_keyId_id_idx" ON "KeyEvent"("keyId", "id");

-- Events that wait for their statement.
CREATE INDEX "KeyEvent_unstated" ON "KeyEvent" ("keyId", id) WHERE "envelopeSha256" IS NULL;

ALTER TABLE "KeyEvent"
  ADD CONSTRAINT "KeyEvent_revocation" CHECK ((kind = 'revoked') = ("revokedAt" IS NOT NULL)),
  ADD CONSTRAINT "KeyEvent_envelope" CHECK ("envelopeSha256" ~ '^[0-9a-f]{64}$');

-- Keys that were there before.
INSERT INTO "KeyEvent" ("keyId", kind, "enrolledBy", "effectiveAt", at)
  SELECT id, CASE kind::text WHEN 'delegated' THEN 'delegated' ELSE 'enrolled' END::"KeyEventKind",
    "enrolledBy", "effectiveAt", "enrolledAt" FROM "SigningKey" ORDER BY "enrolledAt", id;
INSERT INTO "KeyEvent" ("keyId", kind, "enrolledBy", "effectiveAt", "revokedAt", at)
  SELECT id, 'revoked', "enrolledBy", "effectiveAt", "revokedAt", "revokedAt" FROM "SigningKey"
  WHERE "revokedAt" IS NOT NULL ORDER BY "revokedAt", id;

-- Whoever enrols, approves or revokes a key, and by whatever code: the event is in the same transaction.
CREATE FUNCTION note_key_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "KeyEvent" ("keyId", kind, "enrolledBy", "vouchedById", "effectiveAt", at)
    VALUES (NEW.id, CASE NEW.kind::text WHEN 'delegated' THEN 'delegated' ELSE 'enrolled' END::"KeyEventKind",
      NEW."enrolledBy", NEW."vouchedById", NEW."effectiveAt", NEW."enrolledAt");
  ELSIF NEW."effectiveAt" <> OLD."effectiveAt" THEN
    INSERT INTO "KeyEvent" ("keyId", kind, "enrolledBy", "vouchedById", "effectiveAt", at)
    VALUES (NEW.id, 'approved', NEW."enrolledBy", NEW."vouchedById", NEW."effectiveAt", NEW."effectiveAt");
  END IF;
  IF NEW."revokedAt" IS NOT NULL AND (TG_OP = 'INSERT' OR OLD."revokedAt" IS NULL) THEN
    INSERT INTO "KeyEvent" ("keyId", kind, "enrolledBy", "vouchedById", "effectiveAt", "revokedAt", at)
    VALUES (NEW.id, 'revoked', NEW."enrolledBy", NEW."vouchedById", NEW."effectiveAt", NEW."revokedAt", NEW."revokedAt");
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER signing_key_events AFTER INSERT OR UPDATE ON "SigningKey"
  FOR EACH ROW EXECUTE FUNCTION note_key_event();

-- A key keeps what it is, and a revoked one stays revoked.
CREATE FUNCTION guard_signing_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW."accountId", NEW.kind, NEW.spki, NEW."enrolledAt")
      IS DISTINCT FROM (OLD.id, OLD."accountId", OLD.kind, OLD.spki, OLD."enrolledAt")
    OR (OLD."revokedAt" IS NOT NULL AND NEW."revokedAt" IS DISTINCT FROM OLD."revokedAt") THEN
    RAISE EXCEPTION 'a signing key keeps what it is, and stays revoked' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signing_key_rows BEFORE UPDATE ON "SigningKey"
  FOR EACH ROW EXECUTE FUNCTION guard_signing_key();

-- What happened stays; its statement is filled in once.
CREATE FUNCTION guard_key_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD."envelopeSha256" IS NOT NULL
    OR (to_jsonb(NEW) - 'envelopeSha256') <> (to_jsonb(OLD) - 'envelopeSha256') THEN
    RAISE EXCEPTION 'events of keys are append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER key_event_rows BEFORE UPDATE OR DELETE ON "KeyEvent"
  FOR EACH ROW EXECUTE FUNCTION guard_key_event();
CREATE TRIGGER key_event_table BEFORE TRUNCATE ON "KeyEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
