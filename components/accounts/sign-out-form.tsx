import { ButtonForm } from "@/components/forms/action-form";
import { signOut } from "@/lib/accounts/actions";

/** Ends the session of this browser; fits anywhere. */
export function SignOutForm() {
  return (
    <ButtonForm action={signOut} className="inline-block" variant="secondary">
      Sign out
    </ButtonForm>
  );
}
