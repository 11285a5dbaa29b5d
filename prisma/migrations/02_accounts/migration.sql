CREATE TYPE "Role" AS ENUM ('evaluator', 'moderator', 'administrator');
CREATE TYPE "AccountStatus" AS ENUM ('active', 'suspended');
CREATE TYPE "EmailTokenPurpose" AS ENUM ('verify_email', 'reset_password');
CREATE TYPE "SigningKeyKind" AS ENUM ('device', 'command_line', 'delegated', 'platform');
CREATE TYPE "KeyEventKind" AS ENUM ('enrolled', 'delegated', 'approved', 'revoked');
CREATE TYPE "SecondFactorKind" AS ENUM ('totp', 'passkey');
CREATE TYPE "PasskeyPurpose" AS ENUM ('prove', 'enrol');

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
    "needsSecondFactor" BOOLEAN NOT NULL DEFAULT false,
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
    "secondFactorAt" TIMESTAMPTZ(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SecondFactor" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "kind" "SecondFactorKind" NOT NULL,
    "label" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "sealedSecret" BYTEA,
    "lastStep" INTEGER,
    "credentialId" TEXT,
    "publicKey" BYTEA,
    "counter" BIGINT,
    "transports" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "isBackedUp" BOOLEAN,

    CONSTRAINT "SecondFactor_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "RecoveryCode" (
    "codeHash" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("codeHash")
);

CREATE TABLE "FactorRemoval" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "askedById" TEXT NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "doneById" TEXT,
    "doneAt" TIMESTAMPTZ(3),
    "stoppedAt" TIMESTAMPTZ(3),

    CONSTRAINT "FactorRemoval_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SignInAttempt" (
    "id" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "accountId" TEXT,
    "next" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignInAttempt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "PasskeyChallenge" (
    "challenge" TEXT NOT NULL,
    "purpose" "PasskeyPurpose" NOT NULL,
    "sessionId" TEXT,
    "attemptId" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PasskeyChallenge_pkey" PRIMARY KEY ("challenge")
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
    "isHeldHere" BOOLEAN NOT NULL DEFAULT false,
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
CREATE UNIQUE INDEX "SecondFactor_credentialId_key" ON "SecondFactor"("credentialId");
CREATE INDEX "SecondFactor_accountId_idx" ON "SecondFactor"("accountId");
CREATE INDEX "RecoveryCode_accountId_idx" ON "RecoveryCode"("accountId");
CREATE INDEX "FactorRemoval_accountId_idx" ON "FactorRemoval"("accountId");
CREATE UNIQUE INDEX "SignInAttempt_secretHash_key" ON "SignInAttempt"("secretHash");
CREATE INDEX "SignInAttempt_accountId_idx" ON "SignInAttempt"("accountId");
CREATE INDEX "PasskeyChallenge_sessionId_idx" ON "PasskeyChallenge"("sessionId");
CREATE INDEX "PasskeyChallenge_attemptId_idx" ON "PasskeyChallenge"("attemptId");
CREATE UNIQUE INDEX "EmailToken_tokenHash_key" ON "EmailToken"("tokenHash");
CREATE INDEX "EmailToken_accountId_purpose_idx" ON "EmailToken"("accountId", "purpose");
CREATE INDEX "SigningKey_accountId_idx" ON "SigningKey"("accountId");
CREATE UNIQUE INDEX "KeyEvent_envelopeSha256_key" ON "KeyEvent"("envelopeSha256");
CREATE INDEX "KeyEvent_keyId_id_idx" ON "KeyEvent"("keyId", "id");

ALTER TABLE "Session" ADD CONSTRAINT "Session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "SecondFactor" ADD CONSTRAINT "SecondFactor_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "FactorRemoval" ADD CONSTRAINT "FactorRemoval_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "SignInAttempt" ADD CONSTRAINT "SignInAttempt_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "PasskeyChallenge" ADD CONSTRAINT "PasskeyChallenge_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PasskeyChallenge" ADD CONSTRAINT "PasskeyChallenge_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "SignInAttempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;
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

-- An app has a secret and a last step once it is confirmed, a passkey its public key; neither has anything of the other.
ALTER TABLE "SecondFactor"
  ADD CONSTRAINT "SecondFactor_totp" CHECK (kind <> 'totp' OR (
    "sealedSecret" IS NOT NULL AND ("lastStep" IS NULL) = ("confirmedAt" IS NULL)
    AND "credentialId" IS NULL AND "publicKey" IS NULL AND counter IS NULL AND "isBackedUp" IS NULL)),
  ADD CONSTRAINT "SecondFactor_passkey" CHECK (kind <> 'passkey' OR (
    "confirmedAt" IS NOT NULL AND "credentialId" IS NOT NULL AND "publicKey" IS NOT NULL AND counter IS NOT NULL
    AND "isBackedUp" IS NOT NULL AND "sealedSecret" IS NULL AND "lastStep" IS NULL));
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_hash" CHECK ("codeHash" ~ '^[0-9a-f]{64}$');
ALTER TABLE "PasskeyChallenge" ADD CONSTRAINT "PasskeyChallenge_holder" CHECK (num_nonnulls("sessionId", "attemptId") = 1);
ALTER TABLE "FactorRemoval"
  ADD CONSTRAINT "FactorRemoval_two_people" CHECK ("doneById" <> "askedById"
    AND "askedById" <> "accountId" AND "doneById" <> "accountId"),
  ADD CONSTRAINT "FactorRemoval_end" CHECK (("doneById" IS NULL) = ("doneAt" IS NULL)
    AND num_nonnulls("doneAt", "stoppedAt") <= 1),
  ADD CONSTRAINT "FactorRemoval_wait" CHECK ("doneAt" >= "askedAt" + interval '72 hours');

-- One app at a time waits for its first code, and one removal for its second administrator.
CREATE UNIQUE INDEX "SecondFactor_unconfirmed" ON "SecondFactor" ("accountId") WHERE "confirmedAt" IS NULL;
CREATE UNIQUE INDEX "FactorRemoval_open" ON "FactorRemoval" ("accountId")
  WHERE "doneAt" IS NULL AND "stoppedAt" IS NULL;

-- A factor keeps what it is and stays confirmed, and neither its step nor its counter ever goes back.
CREATE FUNCTION guard_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW."accountId", NEW.kind, NEW."sealedSecret", NEW."credentialId", NEW."publicKey")
      IS DISTINCT FROM (OLD.id, OLD."accountId", OLD.kind, OLD."sealedSecret", OLD."credentialId", OLD."publicKey")
    OR (OLD."confirmedAt" IS NOT NULL AND NEW."confirmedAt" IS DISTINCT FROM OLD."confirmedAt")
    OR NEW."lastStep" < OLD."lastStep" OR NEW.counter < OLD.counter THEN
    RAISE EXCEPTION 'a second factor keeps what it is, and never goes back' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER second_factor_rows BEFORE UPDATE ON "SecondFactor"
  FOR EACH ROW EXECUTE FUNCTION guard_second_factor();

-- Whoever needs a factor keeps the last one, unless two administrators took it off after it was lost.
CREATE FUNCTION keep_last_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "Account" WHERE id = OLD."accountId" FOR UPDATE;
  IF OLD."confirmedAt" IS NOT NULL
    AND EXISTS (SELECT 1 FROM "Account" WHERE id = OLD."accountId"
      AND ("needsSecondFactor" OR roles && ARRAY['moderator', 'administrator']::"Role"[]))
    AND NOT EXISTS (SELECT 1 FROM "SecondFactor"
      WHERE "accountId" = OLD."accountId" AND id <> OLD.id AND "confirmedAt" IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM "FactorRemoval"
      WHERE "accountId" = OLD."accountId" AND "doneAt" >= OLD."confirmedAt") THEN
    RAISE EXCEPTION 'a role or payout details need the last second factor' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER last_factor BEFORE DELETE ON "SecondFactor"
  FOR EACH ROW EXECUTE FUNCTION keep_last_factor();

-- An account with a second factor has no session that none confirmed, whatever code opens it.
CREATE FUNCTION guard_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for a first factor that is being added at this moment.
  PERFORM 1 FROM "Account" WHERE id = NEW."accountId" FOR SHARE;
  IF NEW."secondFactorAt" IS NULL AND EXISTS (
    SELECT 1 FROM "SecondFactor" WHERE "accountId" = NEW."accountId" AND "confirmedAt" IS NOT NULL) THEN
    RAISE EXCEPTION 'this account signs in with a second factor' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER session_rows BEFORE INSERT ON "Session"
  FOR EACH ROW EXECUTE FUNCTION guard_session();
