import { DeviceSignature } from "@/components/evidence/device-signature";
import { FormChoice } from "@/components/forms/form-fields";

type Props = { accountId: string; termsSha256: string; statementBase64: string; label: string };

/** What every signature form carries: the digest shown, consent, and the signature of this browser's key. */
export function AgreeFields({ accountId, termsSha256, statementBase64, label }: Props) {
  return (
    <>
      <input type="hidden" name="termsSha256" value={termsSha256} />
      <FormChoice name="agreed" value="yes" required label={label} />
      <DeviceSignature accountId={accountId} statementBase64={statementBase64} />
    </>
  );
}
