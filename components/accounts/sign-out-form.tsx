import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { signOut } from "@/lib/accounts/actions";

/** Ends the session of this browser; fits anywhere. */
export function SignOutForm() {
  return (
    <ActionForm action={signOut} className="inline-block">
      <SubmitButton variant="secondary">Sign out</SubmitButton>
    </ActionForm>
  );
}
