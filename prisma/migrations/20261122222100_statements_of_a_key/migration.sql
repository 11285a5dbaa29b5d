-- Finds what a key has stated before by the payload alone: stored envelopes are canonical JSON, which begins with it,
-- and base64 holds no quotes. A plain index would not take long payloads.
CREATE INDEX "Envelope_key_and_payload" ON "Envelope" ("keyId", md5(split_part(body, '","payloadType"', 1)));
