-- AlterTable
ALTER TABLE "Ruling" ADD COLUMN     "envelopeSha256" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "Ruling_envelopeSha256_key" ON "Ruling"("envelopeSha256");

-- A ruling stays as it was made; one older than the log gets its statement once.
CREATE FUNCTION guard_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD."envelopeSha256" IS NOT NULL
    OR (to_jsonb(NEW) - 'envelopeSha256') <> (to_jsonb(OLD) - 'envelopeSha256') THEN
    RAISE EXCEPTION 'rulings are append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ruling_rows BEFORE UPDATE OR DELETE ON "Ruling"
  FOR EACH ROW EXECUTE FUNCTION guard_ruling();
CREATE TRIGGER ruling_table BEFORE TRUNCATE ON "Ruling"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
