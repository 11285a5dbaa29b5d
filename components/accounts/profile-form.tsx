import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormArea, FormText } from "@/components/forms/form-fields";
import { changeProfile } from "@/lib/accounts/actions";
import type { OwnAccountView } from "@/lib/accounts/queries/accounts";

/** What others see of an account. */
export function ProfileForm({ account }: { account: OwnAccountView }) {
  return (
    <ActionForm action={changeProfile}>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormText
          name="displayName"
          label="Name"
          defaultValue={account.displayName}
          autoComplete="name"
          required
          minLength={2}
          maxLength={60}
        />
        <FormText
          name="handle"
          label="Handle"
          defaultValue={account.handle}
          autoComplete="off"
          autoCapitalize="none"
          required
          minLength={3}
          maxLength={30}
        />
      </div>
      <p className="text-sm text-ink-3">
        Your profile stands at /people/ and the handle. Old handles keep leading to you and are given to
        nobody else.
      </p>
      <FormArea
        name="bio"
        label="About you"
        isOptional
        hint="Plain text, up to 1,000 characters."
        defaultValue={account.bio}
        maxLength={1000}
      />
      <FormText
        name="websiteUrl"
        type="url"
        label="Website"
        isOptional
        hint="Starts with https://"
        defaultValue={account.websiteUrl ?? ""}
        autoComplete="url"
        maxLength={200}
      />
      <SubmitLine>Save the profile</SubmitLine>
    </ActionForm>
  );
}
