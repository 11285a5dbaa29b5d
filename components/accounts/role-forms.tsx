import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormSelect, FormText } from "@/components/forms/form-fields";
import { besideControls } from "@/components/ui/field";
import type { RoleName } from "@/lib/accounts/actor";
import { grantRole, revokeRole } from "@/lib/evidence/actions/roles";
import type { AccountRowView } from "@/lib/accounts/queries/accounts";

const ROLES: readonly RoleName[] = ["evaluator", "moderator", "administrator"];

type RoleFormProps = { account: AccountRowView; roles: readonly RoleName[]; kind: "grant" | "revoke" };

function RoleForm({ account, roles, kind }: RoleFormProps) {
  const id = `${kind}-${account.handle}`;
  return (
    <ActionForm
      action={kind === "grant" ? grantRole : revokeRole}
      fields={{ handle: account.handle }}
      className="grid gap-3 items-start sm:grid-cols-[10rem_1fr_auto]"
      aria-label={`${kind === "grant" ? "Grant a role to" : "Take a role from"} ${account.handle}`}
    >
      <FormSelect
        name="role"
        id={`${id}-role`}
        label={kind === "grant" ? "Grant" : "Take away"}
        options={roles.map((role) => [role, role])}
      />
      <FormText name="reason" id={`${id}-reason`} label="Reason" required minLength={3} maxLength={500} />
      <div className={besideControls}>
        <SubmitButton variant={kind === "grant" ? "secondary" : "danger"}>
          {kind === "grant" ? "Grant" : "Take away"}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}

/** Grants roles an account does not hold and takes away those it does, each with a reason. */
export function RoleForms({ account }: { account: AccountRowView }) {
  const missing = ROLES.filter((role) => !account.roles.includes(role));
  return (
    <details className="pt-2">
      <summary className="link min-h-7 w-fit text-sm leading-7 text-ink-2 hover:text-ink">
        Change the roles of {account.displayName}
      </summary>
      <div className="grid gap-5 pt-3">
        {missing.length > 0 && account.isVerified && (
          <RoleForm account={account} roles={missing} kind="grant" />
        )}
        {!account.isVerified && <p className="text-sm text-ochre">Roles wait for a confirmed address.</p>}
        {account.roles.length > 0 && <RoleForm account={account} roles={account.roles} kind="revoke" />}
      </div>
    </details>
  );
}
