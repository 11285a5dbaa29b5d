import { FormText } from "@/components/forms/form-fields";

/** The address that an account signs in with. */
export function EmailField({ hint }: { hint?: string }) {
  return (
    <FormText
      name="email"
      type="email"
      label="E-mail address"
      hint={hint}
      autoComplete="username"
      required
      maxLength={254}
    />
  );
}
