-- CreateTable
CREATE TABLE "LogPolicy" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,
    "adoptedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LogPolicy_pkey" PRIMARY KEY ("id")
);

-- Written by the sequencer alone, and kept: under which observers the log was published is part of its history.
GRANT SELECT, INSERT ON "LogPolicy" TO offcut_sequencer;
GRANT USAGE ON SEQUENCE "LogPolicy_id_seq" TO offcut_sequencer;
REVOKE ALL ON "LogPolicy" FROM PUBLIC;

CREATE TRIGGER log_policy_writer BEFORE INSERT ON "LogPolicy"
  FOR EACH STATEMENT EXECUTE FUNCTION only_sequencer();
CREATE TRIGGER log_policy_rows BEFORE UPDATE OR DELETE ON "LogPolicy"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_policy_table BEFORE TRUNCATE ON "LogPolicy"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
