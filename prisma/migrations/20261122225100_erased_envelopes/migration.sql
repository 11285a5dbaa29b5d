CREATE TABLE "ErasedEnvelope" (
    "sha256" TEXT NOT NULL,
    "leafHash" TEXT NOT NULL,
    "tombstoneSha256" TEXT NOT NULL,
    "ground" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "erasedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ErasedEnvelope_pkey" PRIMARY KEY ("sha256")
);

CREATE UNIQUE INDEX "ErasedEnvelope_tombstoneSha256_key" ON "ErasedEnvelope"("tombstoneSha256");

ALTER TABLE "ErasedEnvelope" ADD CONSTRAINT "ErasedEnvelope_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ErasedEnvelope" ADD CONSTRAINT "ErasedEnvelope_tombstoneSha256_fkey" FOREIGN KEY ("tombstoneSha256") REFERENCES "Envelope"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER erased_envelope_rows BEFORE UPDATE OR DELETE ON "ErasedEnvelope"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erased_envelope_table BEFORE TRUNCATE ON "ErasedEnvelope"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An envelope never changes, but for one thing: its text may be emptied once a tombstone says why.
ALTER TABLE "Envelope"
  DROP CONSTRAINT "Envelope_sha256_of_body",
  ADD CONSTRAINT "Envelope_sha256_of_body" CHECK (body = '' OR sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex'));

CREATE FUNCTION guard_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.body = '' THEN
      RAISE EXCEPTION 'an envelope has a text' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.body <> '' OR (to_jsonb(NEW) - 'body') <> (to_jsonb(OLD) - 'body')
    OR NOT EXISTS (SELECT 1 FROM "ErasedEnvelope" WHERE sha256 = OLD.sha256) THEN
    RAISE EXCEPTION 'Envelope is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER envelope_rows ON "Envelope";
CREATE TRIGGER envelope_rows BEFORE INSERT OR UPDATE OR DELETE ON "Envelope"
  FOR EACH ROW EXECUTE FUNCTION guard_envelope();
