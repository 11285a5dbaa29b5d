import { readyDeviceKey } from "@/components/accounts/device-key";
import { replyBody } from "@/lib/statements/reply-body";
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { canonicalBytes } from "@/lib/shared/jcs";

const AGREED_INSTEAD = "Offcut recorded that you agreed instead.";

/**
 * Signs a statement's bytes with this browser's key for the account and returns the envelope's JSON; an empty one, with
 * the reason in words, where no key is ready.
 */
export async function signStatement(
  accountId: string,
  statementBase64: string,
): Promise<{ envelope: string; message: string | null }> {
  const { envelopes, message } = await signStatements(accountId, [statementBase64]);
  return { envelope: envelopes[0] ?? "", message: message && `${message} ${AGREED_INSTEAD}` };
}

/** The same for several statements: as many envelopes, in their order, or none with the reason in words. */
export async function signStatements(
  accountId: string,
  statementsBase64: readonly string[],
): Promise<{ envelopes: string[]; message: string | null }> {
  const ready = await readyDeviceKey(accountId);
  if (ready.status !== "ready") return { envelopes: [], message: ready.message };
  const envelopes: string[] = [];
  for (const statementBase64 of statementsBase64) {
    const payload = decodeBase64(statementBase64);
    if (!payload) throw new Error("The statement to sign is not base64.");
    const sig = await ready.key.sign(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, payload));
    const signatures = [{ keyid: ready.key.keyId, sig }];
    envelopes.push(
      JSON.stringify({ payload: statementBase64, payloadType: IN_TOTO_PAYLOAD_TYPE, signatures }),
    );
  }
  return { envelopes, message: null };
}

/** Where a statement holds what its signer wrote. */
export type WordsField = "body" | "reason";

/** Puts words into a field of a statement, as its command reads them from the form, and signs it. */
export async function signWords(
  accountId: string,
  statementJson: string,
  field: WordsField,
  words: string,
): Promise<{ envelope: string; message: string | null }> {
  const statement = JSON.parse(statementJson) as { predicate: Record<string, unknown> };
  const said = { ...statement, predicate: { ...statement.predicate, [field]: replyBody(words) } };
  return signStatement(accountId, encodeBase64(canonicalBytes(said)));
}
