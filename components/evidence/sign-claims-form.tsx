import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { signClaims } from "@/lib/evidence/actions/claims";
import type { ClaimsToSign } from "@/lib/evidence/queries/own-claims";
import { DeviceSignatures } from "./device-signature";

/** One click signs every claim that no key has signed yet. */
export function SignClaimsForm({ found: { listing, accountId, unsigned } }: { found: ClaimsToSign }) {
  const many = unsigned.length === 1 ? "this claim" : `these ${unsigned.length} claims`;
  return (
    <ActionForm
      action={signClaims}
      fields={{ listingId: listing.id }}
      className="grid justify-items-start gap-3"
      aria-label="Sign the claims"
    >
      <DeviceSignatures
        accountId={accountId}
        statementsBase64={unsigned.map(({ statementBase64 }) => statementBase64)}
      />
      <SubmitButton>Sign {many} with this device’s key</SubmitButton>
    </ActionForm>
  );
}
