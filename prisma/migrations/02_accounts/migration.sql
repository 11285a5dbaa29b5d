CREATE TYPE "Role" AS ENUM ('evaluator', 'moderator', 'administrator');
CREATE TYPE "AccountStatus" AS ENUM ('active', 'suspended');
CREATE TYPE "EmailTokenPurpose" AS ENUM ('verify_email', 'reset_password');
CREATE TYPE "SigningKeyKind" AS ENUM ('device', 'command_line', 'delegated', 'platform');
CREATE TYPE "KeyEventKind" AS ENUM ('enrolled', 'delegated', 'approved', 'revoked');

CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerifiedAt" TIMESTAMPTZ(3),
    "passwordHash" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "bio" TEXT NOT NULL DEFAULT '',
    "websiteUrl" TEXT,
    "roles" "Role"[] DEFAULT ARRAY[]::"Role"[],
    "status" "AccountStatus" NOT NULL DEFAULT 'active',
    "suspendedReason" TEXT,
    "isDemo" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "userAgent" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "EmailToken" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "purpose" "EmailTokenPurpose" NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "EmailToken_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SigningKey" (
    "id" TEXT NOT NULL,
    "accountId" TEXT,
    "kind" "SigningKeyKind" NOT NULL,
    "label" TEXT NOT NULL,
    "spki" BYTEA NOT NULL,
    "isDemo" BOOLEAN NOT NULL DEFAULT false,
    "enrolledBy" TEXT NOT NULL,
    "enrolledAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "vouchedById" TEXT,

    CONSTRAINT "SigningKey_pkey" PRIMARY KEY ("id")
);

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

CREATE TABLE "PastHandle" (
    "handle" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "givenUpAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PastHandle_pkey" PRIMARY KEY ("handle")
);

CREATE TABLE "AttemptCount" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" TIMESTAMPTZ(3),

    CONSTRAINT "AttemptCount_pkey" PRIMARY KEY ("key")
);

CREATE UNIQUE INDEX "Account_email_key" ON "Account"("email");
CREATE UNIQUE INDEX "Account_handle_key" ON "Account"("handle");
CREATE INDEX "Session_accountId_idx" ON "Session"("accountId");
CREATE UNIQUE INDEX "EmailToken_tokenHash_key" ON "EmailToken"("tokenHash");
CREATE INDEX "EmailToken_accountId_purpose_idx" ON "EmailToken"("accountId", "purpose");
CREATE INDEX "SigningKey_accountId_idx" ON "SigningKey"("accountId");
CREATE UNIQUE INDEX "KeyEvent_envelopeSha256_key" ON "KeyEvent"("envelopeSha256");
CREATE INDEX "KeyEvent_keyId_id_idx" ON "KeyEvent"("keyId", "id");

ALTER TABLE "Session" ADD CONSTRAINT "Session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "EmailToken" ADD CONSTRAINT "EmailToken_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "SigningKey" ADD CONSTRAINT "SigningKey_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Events that wait for their statement.
CREATE INDEX "KeyEvent_unstated" ON "KeyEvent" ("keyId", id) WHERE "envelopeSha256" IS NULL;

ALTER TABLE "KeyEvent"
  ADD CONSTRAINT "KeyEvent_revocation" CHECK ((kind = 'revoked') = ("revokedAt" IS NOT NULL)),
  ADD CONSTRAINT "KeyEvent_envelope" CHECK ("envelopeSha256" ~ '^[0-9a-f]{64}$');

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
CREATE TRIGGER key_event_rows BEFORE UPDATE OR DELETE ON "KeyEvent"
  FOR EACH ROW EXECUTE FUNCTION fill_once('events of keys are append-only', 'envelopeSha256');
CALL keep('table', 'KeyEvent');
