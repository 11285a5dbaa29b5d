ALTER TABLE "ErasedEnvelope" ADD COLUMN "paeSha256" TEXT;

-- What was erased before is named by the digest in its leaf.
ALTER TABLE "ErasedEnvelope" DISABLE TRIGGER erased_envelope_rows;
UPDATE "ErasedEnvelope" AS erased
SET "paeSha256" = encode(decode(
  convert_from(leaf.body, 'UTF8')::jsonb #>> '{spec,hashedRekordV002,data,digest}', 'base64'), 'hex')
FROM (SELECT "leafHash", body FROM "LogLeaf" UNION SELECT "leafHash", body FROM "LogPending") AS leaf
WHERE leaf."leafHash" = decode(erased."leafHash", 'hex');
ALTER TABLE "ErasedEnvelope" ENABLE TRIGGER erased_envelope_rows;

CREATE INDEX "ErasedEnvelope_paeSha256_idx" ON "ErasedEnvelope"("paeSha256");
