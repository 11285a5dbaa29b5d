import { readyDeviceKey } from "@/components/accounts/device-key";
import { IN_TOTO_PAYLOAD_TYPE, decodeBase64, preAuthEncoding } from "@/lib/evidence/dsse";

/**
 * Signs a statement's bytes with this browser's key for the account and returns the envelope's JSON; an empty one, with
 * the reason in words, where no key is ready.
 */
export async function signStatement(
  accountId: string,
  statementBase64: string,
): Promise<{ envelope: string; message: string | null }> {
  const ready = await readyDeviceKey(accountId);
  if (ready.status !== "ready") {
    return { envelope: "", message: `${ready.message} Offcut recorded that you agreed instead.` };
  }
  const payload = decodeBase64(statementBase64);
  if (!payload) throw new Error("The statement to sign is not base64.");
  const sig = await ready.key.sign(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, payload));
  const envelope = {
    payload: statementBase64,
    payloadType: IN_TOTO_PAYLOAD_TYPE,
    signatures: [{ keyid: ready.key.keyId, sig }],
  };
  return { envelope: JSON.stringify(envelope), message: null };
}
