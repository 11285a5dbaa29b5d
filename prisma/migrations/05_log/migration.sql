CREATE TABLE "LogPending" (
    "id" BIGSERIAL NOT NULL,
    "leafHash" BYTEA NOT NULL,
    "body" BYTEA NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogPending_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "LogLeaf" (
    "index" BIGINT NOT NULL,
    "leafHash" BYTEA NOT NULL,
    "body" BYTEA NOT NULL,
    "envelopeSha256" TEXT NOT NULL,
    "integratedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogLeaf_pkey" PRIMARY KEY ("index")
);

CREATE TABLE "LogTile" (
    "level" SMALLINT NOT NULL,
    "index" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "LogTile_pkey" PRIMARY KEY ("level","index")
);

CREATE TABLE "LogHead" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "origin" TEXT NOT NULL,
    "vkey" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "signedSize" BIGINT NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogHead_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "LogPublished" (
    "size" BIGINT NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogPublished_pkey" PRIMARY KEY ("size")
);

CREATE TABLE "LogCosignature" (
    "size" BIGINT NOT NULL,
    "witness" TEXT NOT NULL,
    "timestamp" BIGINT NOT NULL,
    "line" TEXT NOT NULL,

    CONSTRAINT "LogCosignature_pkey" PRIMARY KEY ("size","witness","timestamp")
);

CREATE TABLE "LogWitnessState" (
    "name" TEXT NOT NULL,
    "lastSize" BIGINT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogWitnessState_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "LogPolicy" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,
    "adoptedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogPolicy_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "LogPending_leafHash_key" ON "LogPending"("leafHash");
CREATE INDEX "LogPending_envelopeSha256_idx" ON "LogPending"("envelopeSha256");
CREATE UNIQUE INDEX "LogLeaf_leafHash_key" ON "LogLeaf"("leafHash");
CREATE INDEX "LogLeaf_envelopeSha256_idx" ON "LogLeaf"("envelopeSha256");

-- The role under which the log is written. It cannot sign in by itself: an installation that wants the database to
-- keep the other processes apart gives it a password, and gives them a role that owns nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'offcut_sequencer') THEN
    BEGIN
      CREATE ROLE offcut_sequencer NOLOGIN;
    EXCEPTION
      -- Roles belong to the whole server, and another database of it may be migrated at this moment.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  -- From PostgreSQL 16 on a member need not be allowed to become the role.
  IF NOT pg_has_role(current_user, 'offcut_sequencer',
    CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    BEGIN
      EXECUTE format('GRANT offcut_sequencer TO %I', current_user);
    EXCEPTION
      WHEN unique_violation THEN NULL;
    END;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The role offcut_sequencer is needed, and % may not make or join it. As an administrator of the server: %',
      current_user, format('CREATE ROLE offcut_sequencer, unless it is there; GRANT offcut_sequencer TO %I', current_user);
END $$;

GRANT USAGE ON SCHEMA public TO offcut_sequencer;
GRANT SELECT ON "Installation" TO offcut_sequencer;
GRANT SELECT, DELETE, UPDATE ON "LogPending" TO offcut_sequencer;
GRANT SELECT, INSERT ON "LogLeaf", "LogPublished", "LogCosignature" TO offcut_sequencer;
GRANT SELECT, INSERT, UPDATE ON "LogTile", "LogHead", "LogWitnessState" TO offcut_sequencer;
REVOKE ALL ON "LogPending", "LogLeaf", "LogTile", "LogHead", "LogPublished", "LogCosignature", "LogWitnessState"
  FROM PUBLIC;

-- Owners and superusers pass every grant, so the tables ask for the role themselves.
CREATE FUNCTION only_sequencer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> 'offcut_sequencer' THEN
    RAISE EXCEPTION '% is written by the sequencer alone', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER log_leaf_writer BEFORE INSERT ON "LogLeaf"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_tile_writer BEFORE INSERT OR UPDATE ON "LogTile"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_head_writer BEFORE INSERT OR UPDATE ON "LogHead"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_published_writer BEFORE INSERT ON "LogPublished"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_cosignature_writer BEFORE INSERT ON "LogCosignature"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_witness_state_writer BEFORE INSERT OR UPDATE OR DELETE ON "LogWitnessState"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_pending_taker BEFORE DELETE ON "LogPending"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();

-- What stands in the log stays.
CALL keep('rows', 'LogLeaf', 'LogPublished', 'LogCosignature', 'LogPolicy');
CALL keep('table', 'LogLeaf', 'LogPublished', 'LogCosignature', 'LogTile', 'LogHead', 'LogPending', 'LogPolicy');
CREATE TRIGGER log_tile_delete BEFORE DELETE ON "LogTile"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_delete BEFORE DELETE ON "LogHead"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_pending_rows BEFORE UPDATE ON "LogPending"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_log_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.level <> OLD.level OR NEW.index <> OLD.index
    OR substring(NEW.data FOR length(OLD.data)) <> OLD.data THEN
    RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_tile_rows BEFORE UPDATE ON "LogTile"
  FOR EACH ROW EXECUTE FUNCTION guard_log_tile();

CREATE FUNCTION guard_log_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey OR NEW."createdAt" <> OLD."createdAt" THEN
    RAISE EXCEPTION 'the name and key of a log are fixed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.size < OLD.size OR NEW."signedSize" < OLD."signedSize"
    OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
    OR (NEW."signedSize" = OLD."signedSize" AND NEW.checkpoint <> OLD.checkpoint) THEN
    RAISE EXCEPTION 'a log only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_head_rows BEFORE UPDATE ON "LogHead"
  FOR EACH ROW EXECUTE FUNCTION guard_log_head();

ALTER TABLE "LogPending"
  ADD CONSTRAINT "LogPending_hash_of_body" CHECK ("leafHash" = sha256('\x00'::bytea || body)),
  ADD CONSTRAINT "LogPending_body_fits" CHECK (length(body) BETWEEN 1 AND 65535);
ALTER TABLE "LogLeaf"
  ADD CONSTRAINT "LogLeaf_hash_of_body" CHECK ("leafHash" = sha256('\x00'::bytea || body)),
  ADD CONSTRAINT "LogLeaf_index" CHECK (index >= 0);
ALTER TABLE "LogTile"
  ADD CONSTRAINT "LogTile_place" CHECK (level BETWEEN 0 AND 7 AND index >= 0),
  ADD CONSTRAINT "LogTile_width" CHECK (length(data) BETWEEN 32 AND 8192 AND length(data) % 32 = 0);
ALTER TABLE "LogHead"
  ADD CONSTRAINT "LogHead_one_row" CHECK (id = 1),
  ADD CONSTRAINT "LogHead_signed_is_integrated" CHECK ("signedSize" BETWEEN 0 AND size),
  ADD CONSTRAINT "LogHead_root" CHECK (length(root) = 32);

-- Written by the sequencer alone, and kept: under which observers the log was published is part of its history.
GRANT SELECT, INSERT ON "LogPolicy" TO offcut_sequencer;
GRANT USAGE ON SEQUENCE "LogPolicy_id_seq" TO offcut_sequencer;
REVOKE ALL ON "LogPolicy" FROM PUBLIC;

CREATE TRIGGER log_policy_writer BEFORE INSERT ON "LogPolicy"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
